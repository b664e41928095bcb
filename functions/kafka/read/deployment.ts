import type { Deployment } from '../../../shared/deployment/deployment.ts';

export const deployment = {
  does: 'Looks at the brokers from inside the VPC and answers by return value; changes nothing.',
  answers: ['H1', 'H2', 'H3'],
  drills: ['healthy', 'broker-loss', 'stale-witness', 'least-privilege'],
  function: {
    // A look at 10,000 partitions and 50,000 commits takes under 200 MB; the rest buys the CPU share for TLS and JSON.
    memoryMiB: 1024,
    timeoutSeconds: 60,
    assumedSeconds: 5,
    calls: {
      'kafka-cluster:Read': 1,
      // With SCRAM or mTLS a cold start reads the secret.
      'secretsmanager:GetSecretValue brokers': 0,
    },
  },
} as const satisfies Deployment;
