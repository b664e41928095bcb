import { relative, sep } from 'node:path';
import { describe, expect, test } from 'vitest';
import { functionDefinitions } from '../../../infra/functions.ts';
import type { Grant } from '../../../local/aws/faults.ts';
import type { StandIn } from '../../../local/aws/stand-in.ts';
import { denialAdvice } from '../../../shared/aws/errors.ts';
import { roleNameOf } from '../../../shared/deployment/names.ts';
import { draw } from '../depth.ts';
import { witnessFolder } from './call-witness.ts';
import type { Witness } from './declared-calls.ts';

/** An account in which a packaged stack is deployed. */
export type DeniedAccount = { readonly standIn: StandIn; readonly witness: Witness };

/**
 * What is right where one grant of a role is denied. `drive` lets the function come to it, asserts what it does instead, and
 * gives every word that anybody heard of it; what no code of ours asks for says who does.
 */
export type Right<Account> =
  | {
      readonly drive: (account: Account) => Promise<string>;
      /** What AWS's own words call it, where that is not the action. */
      readonly named?: string;
      /** What people are to do, where no call of ours was refused but what carries the run. */
      readonly advice?: string;
      /** Another account than the rest have. */
      readonly open?: () => Promise<Account>;
    }
  | { readonly unasked: string };

/** By `<statement> <action>`. */
export type Rights<Account> = Readonly<Record<string, Right<Account>>>;

export type DeniedGrants<Account extends DeniedAccount> = {
  /** A fresh account each time. */
  readonly open: () => Promise<Account>;
  readonly close: (account: Account) => Promise<void>;
  /** By the function's slug. */
  readonly rights: Readonly<Record<string, Rights<Account>>>;
  /** How many of a function's grants are drawn where a check is not deep. */
  readonly drawnCount: number;
};

/** What IAM grants each Lambda function for itself: no call of its code, and the same for all. */
export const ofLambdaItself = {
  'OwnLogs logs:CreateLogStream': { unasked: 'Lambda makes the stream of the log' },
  'OwnLogs logs:PutLogEvents': {
    unasked:
      'Lambda writes the log, and with it the metrics: the heartbeat of a schedule stays away, and its alarm speaks',
  },
} as const satisfies Rights<DeniedAccount>;
export const ofItsQueue = {
  'KeepFailedRuns sqs:SendMessage': {
    unasked:
      'Lambda keeps the event of a run that failed; where it may not, AWS/Lambda says DestinationDeliveryFailures',
  },
} as const satisfies Rights<DeniedAccount>;

/** Of a function with a queue of its own. */
export const ofItsInbox = Object.fromEntries(
  ['DeleteMessage', 'GetQueueAttributes', 'ReceiveMessage'].map((call): [string, Right<DeniedAccount>] => [
    `LambdaTakesFromTheQueue sqs:${call}`,
    {
      unasked:
        'Lambda takes messages out of the queue: where it may not, they grow old there, and the alarm on that speaks',
    },
  ]),
);

type NamedGrant = Grant & { readonly name: string };

/** Every action of every statement that the role of a function has where it was deployed. */
const grantsOf = ({ standIn, witness }: DeniedAccount, slug: string): readonly NamedGrant[] => {
  const roleName = roleNameOf(witness.context, slug);
  const role = standIn.world.identities.role(roleName);
  if (role === undefined) throw new Error(`the package deployed no role ${roleName}`);
  return role.policies
    .flatMap(({ statements }) => statements)
    .filter(({ effect }) => effect === 'Allow')
    .flatMap(({ sid, actions, resources }) =>
      actions.patterns.map((action) => ({ name: `${sid} ${action}`, roleName, action, resources: resources.patterns })),
    );
};

/** Errors of ours have other names, and a text that was made of nothing says so. */
const crash = /\b(?:Type|Range|Reference|Syntax)Error\b|\bundefined\b|\[object /;

/**
 * Tests that each function of a procedure, with any single grant of its role denied, does what is right and names the action.
 *
 * @param folder of the test file: which procedure it is of follows from where it is
 */
export const testDeniedGrants = <Account extends DeniedAccount>(
  folder: string,
  { open, close, rights, drawnCount }: DeniedGrants<Account>,
): void => {
  const sourceFolder = relative(witnessFolder, folder).split(sep).join('/');
  const slugs = functionDefinitions
    .filter(({ handler }) => handler.startsWith(`${sourceFolder}/`))
    .map(({ slug }) => slug);
  const inAccount = async <Value>(use: (account: Account) => Promise<Value>, opened = open): Promise<Value> => {
    const account = await opened();
    try {
      return await use(account);
    } finally {
      await close(account);
    }
  };

  test(`every grant of every function of ${sourceFolder} has its right answer to a denial, and no other has one`, () =>
    inAccount(async (account) => {
      expect(Object.keys(rights).toSorted()).toEqual(slugs.toSorted());
      const granted = slugs.map((slug) => [
        slug,
        grantsOf(account, slug)
          .map(({ name }) => name)
          .toSorted(),
      ]);
      const answered = Object.entries(rights).map(([slug, one]) => [slug, Object.keys(one).toSorted()]);
      expect(Object.fromEntries(answered)).toEqual(Object.fromEntries(granted));
    }));

  describe.each(Object.entries(rights))('%s, denied', (slug, own) => {
    const driven = Object.entries(own).flatMap(([name, right]) => ('drive' in right ? [{ name, ...right }] : []));
    test.each(draw(driven, drawnCount))(
      '$name: says so, and does nothing by less knowledge',
      ({ name, drive, named, advice = denialAdvice, open: ownAccount }) =>
        inAccount(async (account) => {
          const grant = grantsOf(account, slug).find((one) => one.name === name);
          if (grant === undefined) throw new Error(`the role of ${slug} has no grant ${name}`);
          const asked = account.standIn.world.faults.takeAway(grant);
          const heard = await drive(account);
          expect(asked(), 'it was asked for').toBeGreaterThan(0);
          expect(heard).toContain(named ?? grant.action);
          expect(heard).toContain(advice);
          expect(heard).not.toMatch(crash);
        }, ownAccount),
    );
  });
};
