import type { Limit, Policy } from '../../shared/core/policy.ts';
import type { PolicyFile, Preset } from './file-schema.ts';

type Overrides<Quantity extends string> = Partial<Record<Quantity, Limit | 'off'>>;

const mergeLimit = (preset: Limit | undefined, override: Limit): Limit => ({ ...preset, ...override });

const mergeLimits = <Quantity extends string>(
  preset: Partial<Record<Quantity, Limit>>,
  overrides: Overrides<Quantity>,
): Partial<Record<Quantity, Limit>> => {
  const merged = { ...preset };
  for (const quantity in overrides) {
    const override = overrides[quantity];
    if (override === 'off') delete merged[quantity];
    else if (override !== undefined) merged[quantity] = mergeLimit(preset[quantity], override);
  }
  return merged;
};

const mergeGroup = <Group extends object>(preset: Group | undefined, override: Group | undefined): Group | undefined =>
  override === undefined ? preset : { ...preset, ...override };

/** A preset with the user's overrides: limits level by level, ladders as a whole. */
export const mergePolicy = (preset: Preset, file: PolicyFile): Policy => {
  const storage = mergeGroup(preset.storage, file.storage);
  const mustTell = file.mustTell ?? preset.mustTell;
  const cooldown = mergeGroup(preset.cooldown, file.cooldown);
  const partitions = mergeGroup(preset.partitions, file.partitions);
  const anomaly = mergeGroup(preset.anomaly, file.anomaly);
  return {
    preset: file.preset,
    brokerAnswerTimeoutMs: file.brokerAnswerTimeoutMs ?? preset.brokerAnswerTimeoutMs,
    limits: mergeLimits(preset.limits, file.limits),
    floors: mergeLimits(preset.floors, file.floors),
    scaling: mergeLimits(preset.scaling, file.scaling),
    ...(storage && { storage }),
    ...(mustTell !== undefined && { mustTell }),
    ...(cooldown && { cooldown }),
    ...(partitions && { partitions }),
    ...(anomaly && { anomaly }),
    responseMinutes: { ...preset.responseMinutes, ...file.responseMinutes },
    escalation: { ...preset.escalation, ...file.escalation },
  };
};
