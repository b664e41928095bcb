import { randomUUID } from 'node:crypto';
import { STSClient } from '@aws-sdk/client-sts';
import { signProof } from '../../../cli/account/proof.ts';
import { type CommandWords, commandsAlias } from '../../../shared/core/incident-command.ts';
import { digestOfCommand } from '../../../shared/events/incident-command.ts';
import { clusterArn, type IncidentAccount, incidentFunction } from './account.ts';

/** A command of Alice's, who may give one, signed with credentials of her own. */
export async function signCommand({ standIn }: IncidentAccount, words: CommandWords): Promise<object> {
  const { url: endpoint, world } = standIn;
  const { region, identities } = world;
  const sts = new STSClient({ endpoint, region, credentials: identities.addUser('alice') });
  const commandId = randomUUID();
  const digest = digestOfCommand(words, { clusterArn, commandId });
  const proof = await signProof(sts, region, digest, { AWS_ENDPOINT_URL: endpoint });
  return { source: 'mskeeper.manual', procedure: 'incident', ...words, signed: { commandId, proof } };
}

/** Brings a command by the door of commands. @returns its answer as text */
export async function bring({ standIn }: IncidentAccount, event: object): Promise<string> {
  const { payload } = await standIn.lambda.invoke({
    functionName: incidentFunction,
    qualifier: commandsAlias,
    payload: Buffer.from(JSON.stringify(event)),
    invocationType: 'RequestResponse',
  });
  return new TextDecoder().decode(payload);
}
