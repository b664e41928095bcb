import { type BrokerAddress, keyOf } from './options.ts';

/** Requests of one look, counted when sent; version questions and authentication are not among them. */
export type RequestCounter = {
  readonly note: (api: string, address: BrokerAddress) => void;
  readonly countByApi: () => Readonly<Record<string, number>>;
  readonly countOfAddress: (address: BrokerAddress) => number;
};

/** A counter at zero. */
export const newRequestCounter = (): RequestCounter => {
  const byApi = new Map<string, number>();
  const byAddress = new Map<string, number>();
  return {
    note: (api, address) => {
      const key = keyOf(address);
      byApi.set(api, (byApi.get(api) ?? 0) + 1);
      byAddress.set(key, (byAddress.get(key) ?? 0) + 1);
    },
    countByApi: () => Object.fromEntries(byApi),
    countOfAddress: (address) => byAddress.get(keyOf(address)) ?? 0,
  };
};
