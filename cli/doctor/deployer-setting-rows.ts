import type { StackContext } from '../../shared/deployment/names.ts';
import { ownKeyOf, viaServicesOf } from '../../shared/deployment/own-keys.ts';
import type { DeployerRow } from './deployer-rows.ts';

/** By the path of a setting under `stack`: what it wants of whoever deploys, beside the usual. */
type SettingRows = (context: StackContext) => readonly DeployerRow[];

const keyRow = (
  context: StackContext,
  use: 'environment' | 'deployment',
  actions: string,
  more: Pick<DeployerRow, 'contextEntries'> = {},
): readonly DeployerRow[] => {
  const arn = ownKeyOf(context, use);
  return arn === undefined ? [] : [{ row: `keys.${use}`, service: 'kms', actions, on: { arns: [arn] }, ...more }];
};

const when = (isSet: boolean, row: DeployerRow): readonly DeployerRow[] => (isSet ? [row] : []);

const settingRows: readonly SettingRows[] = [
  ({ cluster }) =>
    when(cluster.stack?.permissionsBoundary !== undefined, {
      row: 'permissionsBoundary',
      service: 'iam',
      actions: 'PutRolePermissionsBoundary DeleteRolePermissionsBoundary',
      on: 'role',
    }),
  (context) =>
    when(ownKeyOf(context, 'logs') !== undefined, {
      row: 'keys.logs',
      service: 'logs',
      actions: 'AssociateKmsKey DisassociateKmsKey',
      on: 'logGroup',
    }),
  (context) => keyRow(context, 'environment', 'CreateGrant Encrypt Decrypt DescribeKey GenerateDataKey'),
  (context) =>
    keyRow(context, 'deployment', 'GenerateDataKey Decrypt', {
      contextEntries: [
        { key: 'kms:ViaService', values: [viaServicesOf('s3', context.cluster.region)].flat().slice(0, 1) },
      ],
    }),
  () => [
    {
      row: 'reservedConcurrency',
      service: 'lambda',
      actions: 'PutFunctionConcurrency DeleteFunctionConcurrency',
      on: 'reserved',
    },
  ],
  ({ cluster }) =>
    when(cluster.stack?.accessLog !== undefined, {
      row: 'accessLog',
      service: 's3',
      actions: 'PutBucketLogging GetBucketLogging',
      on: 'bucket',
    }),
  ({ cluster }) =>
    when(cluster.stack?.auditRetention !== undefined, {
      row: 'auditRetention',
      service: 's3',
      actions: 'PutBucketObjectLockConfiguration GetBucketObjectLockConfiguration',
      on: 'bucket',
    }),
  ({ cluster }) =>
    when(cluster.stack?.terminationProtection === true, {
      row: 'terminationProtection',
      service: 'cloudformation',
      actions: 'UpdateTerminationProtection',
      on: 'stack',
    }),
];

/** The rows of the guide's second table that this cluster's settings ask for. */
export const settingRowsOf: SettingRows = (context) => settingRows.flatMap((rowsOf) => rowsOf(context));
