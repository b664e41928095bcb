import type { Said } from './said.ts';
import { firstOf } from './said-lines.ts';

/**
 * A page for programs, in plain JSON. Its texts are escaped like all others, since most programs only pass them on to people;
 * what is not known is left out.
 *
 * @param key the same for each repeat of this word, and for no other one of any cluster
 */
export function programFormOf(said: Said, key: string, factCount: number): Readonly<Record<string, unknown>> {
  const facts = firstOf(said.facts, factCount);
  return {
    version: 2,
    key,
    kind: said.kind,
    priority: said.priority,
    severity: said.severity,
    cluster: said.cluster,
    region: said.region,
    accountId: said.accountId,
    incident: said.incident,
    title: said.title,
    says: said.says,
    at: said.at.iso,
    since: said.since.iso,
    openedAt: said.openedAt?.iso,
    answerBy: said.answerBy?.iso,
    endedBefore: said.endedBefore?.iso,
    rung: said.rung,
    isRepeated: said.isRepeated,
    facts: facts.shown,
    hiddenFactCount: facts.hiddenCount,
    tried: said.tried.shown,
    hiddenTriedCount: said.tried.hiddenCount,
    nextCommand: said.next,
    contacts: said.contacts.shown,
    runbook: said.runbook,
  };
}
