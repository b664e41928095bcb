/** Requests of one look, counted when sent; version questions and authentication are not among them. */
export type RequestCounter = {
  readonly note: (api: string, brokerId: number | undefined) => void;
  readonly countByApi: () => Readonly<Record<string, number>>;
  readonly countOfBroker: (brokerId: number) => number;
};

/** A counter at zero. A request without `brokerId` (to a bootstrap server) counts for its API and for no broker. */
export const newRequestCounter = (): RequestCounter => {
  const byApi = new Map<string, number>();
  const byBroker = new Map<number, number>();
  return {
    note: (api, brokerId) => {
      byApi.set(api, (byApi.get(api) ?? 0) + 1);
      if (brokerId !== undefined) byBroker.set(brokerId, (byBroker.get(brokerId) ?? 0) + 1);
    },
    countByApi: () => Object.fromEntries(byApi),
    countOfBroker: (brokerId) => byBroker.get(brokerId) ?? 0,
  };
};
