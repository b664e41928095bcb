import type { AwsWorld } from '../../world.ts';

/** Log groups of the template. Functions' lines are kept by the Lambda stand-in; here it is the retention that counts. */
export type LogGroups = {
  /** By name; `Infinity` for a group that keeps its lines for ever. */
  readonly retentionDaysByName: ReadonlyMap<string, number>;
};

/** Adds CloudWatch Logs' log groups to the world; its API is not served. */
export function createLogGroups(world: AwsWorld): LogGroups {
  const retentionDaysByName = new Map<string, number>();
  world.addCreator('AWS::Logs::LogGroup', ({ logicalId, properties, stackName, region, accountId }) => {
    const name = String(properties.LogGroupName ?? `${stackName}-${logicalId}`);
    retentionDaysByName.set(name, Number(properties.RetentionInDays ?? Number.POSITIVE_INFINITY));
    return { ref: name, attributes: { Arn: `arn:aws:logs:${region}:${accountId}:log-group:${name}:*` } };
  });
  return { retentionDaysByName };
}
