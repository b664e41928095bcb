import type { MetadataAnswer } from '../codecs/metadata.ts';
import type { AddressLinks, Depth, Reply } from './address-link.ts';
import { waitFor } from './hedge.ts';
import { type BrokerAddress, keyOf } from './options.ts';
import { type ListedBroker, type Testimony, testimonyOf } from './testimony.ts';

export type WitnessQuestion = {
  readonly servers: readonly BrokerAddress[];
  readonly links: AddressLinks;
  /** False for a listed broker that must not be connected to. */
  readonly isAllowed: (broker: ListedBroker) => boolean;
  /** The longest that a second full description is waited for. */
  readonly patienceMs: number;
};

/** The witnesses of one look: who was asked, and what came in so far. */
export class Court {
  readonly #question: WitnessQuestion;
  readonly #heard = new Map<string, Testimony>();
  readonly #pending = new Set<Promise<unknown>>();
  readonly #askedKeys = new Set<string>();

  constructor(question: WitnessQuestion) {
    this.#question = question;
  }

  get testimonies(): readonly Testimony[] {
    return [...this.#heard.values()];
  }

  isAsked(address: BrokerAddress): boolean {
    return this.#askedKeys.has(keyOf(address));
  }

  /** @returns undefined where it did not answer */
  ask(address: BrokerAddress, depth: Depth): Promise<Testimony | undefined> {
    this.#askedKeys.add(keyOf(address));
    const asked = this.#question.links
      .at(address)
      .describe(depth)
      .then((reply) => this.#note(address, depth, reply));
    this.#pending.add(asked);
    const forget = () => this.#pending.delete(asked);
    asked.then(forget, forget);
    return asked;
  }

  #note(address: BrokerAddress, depth: Depth, reply: Reply<MetadataAnswer>): Testimony | undefined {
    if (!reply.isAnswered) return undefined;
    const testimony = testimonyOf(address, depth, reply.answer);
    const key = keyOf(address);
    if (this.#heard.get(key)?.depth !== 'full') this.#heard.set(key, testimony);
    return testimony;
  }

  /** Everybody whom a witness of that cluster lists, and who may be asked. */
  listed(clusterId: string | undefined): readonly BrokerAddress[] {
    const brokers = this.testimonies.filter((each) => each.clusterId === clusterId).flatMap((each) => each.brokers);
    const byKey = new Map(
      brokers
        .filter((broker) => this.#question.isAllowed(broker))
        .map(({ host, port }) => [keyOf({ host, port }), { host, port }] as const),
    );
    return [...byKey.values()];
  }

  /** Asks all that are listed, and all bootstrap servers, who the brokers are, where they were not asked yet. */
  askRest(clusterId: string | undefined): void {
    for (const address of [...this.#question.servers, ...this.listed(clusterId)]) {
      if (!this.isAsked(address)) this.ask(address, 'brokers');
    }
  }

  /** Waits until all who were asked have answered or failed, those among them who are heard of meanwhile. */
  async settle(clusterId: string | undefined, timeoutMs: number): Promise<void> {
    const over = performance.now() + timeoutMs;
    for (;;) {
      this.askRest(clusterId);
      const leftMs = over - performance.now();
      if (this.#pending.size === 0 || leftMs <= 0) return;
      await waitFor(Promise.race(this.#pending), leftMs);
    }
  }
}
