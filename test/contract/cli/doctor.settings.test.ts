import { expect, test } from 'vitest';
import type { CliWorld } from '../../support/cli/cli-world.ts';
import { deployed, examine, wrongIn } from '../../support/cli/doctor.ts';
import { bankSettings } from '../../support/stack/bank-settings.ts';

const simulationsIn = ({ standIn }: CliWorld): number =>
  standIn.world.calls.all.filter(({ operation }) => operation === 'SimulatePrincipalPolicy').length;

test('the doctor asks about the statements on keys, too, finds each allowed, and only the protection missing', async () => {
  const bank = await deployed({
    lines: { 'brokerCount:': `    brokerCount: 3\n    stack: ${JSON.stringify(bankSettings)}` },
  });
  const told = await examine(bank);
  const plain = await deployed();
  const usual = await examine(plain);
  // A statement each: of four functions on their environment, of three and Scheduler on the queues, of three on the bucket.
  expect(simulationsIn(bank) - simulationsIn(plain)).toBe(11);
  expect(wrongIn(told).filter((line) => !wrongIn(usual).includes(line))).toEqual([
    expect.stringMatching(/^failed termination-protection, stack mskeeper-orders: /),
  ]);
});
