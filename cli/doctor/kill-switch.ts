import type { Answered } from '../../shared/core/known.ts';
import type { StackContext } from '../../shared/deployment/names.ts';
import type { ParameterFacts } from '../account/references.ts';
import { type DoctorFinding, unknownFinding } from './finding.ts';

const check = 'kill-switch';

/** The only words that it knows: everything else stops every act, as if it were on. */
export const killSwitchWords = ['on', 'off'] as const;

/** Whether the parameter of the kill switch says what somebody meant it to say. */
export const evaluateKillSwitch = (
  { configuration }: StackContext,
  fetched: Answered<ParameterFacts | undefined>,
): DoctorFinding => {
  const { parameter } = configuration.killSwitch;
  const subject = `parameter ${parameter}`;
  const acting = Object.entries(configuration.modes).flatMap(([name, mode]) => (mode === 'act' ? [name] : []));
  const consequence =
    acting.length === 0 ? 'nothing is in mode act anyway' : `${acting.join(', ')} may act by mode, and will not`;
  const stopped = acting.length === 0 ? 'warning' : 'failed';
  if (!fetched.isKnown) return unknownFinding(check, subject, fetched);
  if (fetched.value === undefined)
    return {
      check,
      subject,
      status: stopped,
      message: `is not there, which stops every act: ${consequence}`,
      advice: `make it: aws ssm put-parameter --name ${parameter} --type String --value off`,
    };
  if (fetched.value.word === 'off')
    return { check, subject, status: 'ok', message: 'is off: what is in mode act may act' };
  if (fetched.value.word === 'on')
    return {
      check,
      subject,
      status: 'warning',
      message: `is on: nothing acts (${consequence})`,
      advice: 'set it to off when whoever set it agrees',
    };
  return {
    check,
    subject,
    status: stopped,
    message: `says neither on nor off, which stops every act: ${consequence}`,
    advice: `aws ssm put-parameter --overwrite --name ${parameter} --value off`,
  };
};
