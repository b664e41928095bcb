/** A second cluster, which backs the small file's one up. */
export const backup = `  standby:
    arn: arn:aws:kafka:eu-central-1:111122223333:cluster/orders-live/11111111-2222-3333-4444-555555555555-4
    region: eu-central-1
    role: backup
    brokerCount: 3
    authentication: { kind: scram, secretId: AmazonMSK_orders }
    network: { subnetIds: [subnet-0a1b2c3d4e5f60002], securityGroupIds: [sg-0a1b2c3d4e5f60002] }
`;
