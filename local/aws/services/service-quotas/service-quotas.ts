import * as QuotasClient from '@aws-sdk/client-service-quotas';
import { pageOf } from '../../page.ts';
import { AwsError } from '../../service.ts';
import type { AwsWorld } from '../../world.ts';

/** Service Quotas: what the account may have of what. */
export type ServiceQuotas = {
  /** Sets one quota of a service (`lambda`, `Concurrent executions`). */
  set(serviceCode: string, name: string, value: number): void;
  /** Undefined for a quota that nobody set and AWS's own list here does not have. */
  get(serviceCode: string, name: string): number | undefined;
};

/** An account as AWS leaves it after a first request. Sources: Lambda guide, "Quotas"; CloudWatch guide, "Service quotas". */
const usual: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  lambda: { 'Concurrent executions': 1000, 'Function and layer storage': 75 },
  monitoring: { 'Number of Contributor Insights rules': 100, 'Number of Metrics Insights alarms': 200 },
};

/** Adds Service Quotas to the world. */
export function createServiceQuotas(world: AwsWorld): ServiceQuotas {
  const quotas = new Map(
    Object.entries(usual).map(([code, byName]) => [code, new Map(Object.entries(byName))] as const),
  );
  world.addService({
    signingName: 'servicequotas',
    protocol: 'aws-json-1.1',
    clientModule: QuotasClient,
    operations: {
      ListServiceQuotas: {
        authorize: () => [{ action: 'servicequotas:ListServiceQuotas', resource: '*' }],
        run: ({ ServiceCode = '', MaxResults, NextToken }: QuotasClient.ListServiceQuotasCommandInput) => {
          const ofService = quotas.get(ServiceCode);
          if (ofService === undefined)
            throw new AwsError(
              'NoSuchResourceException',
              400,
              `The request failed because the service ${ServiceCode} does not exist.`,
            );
          const { items, nextToken } = pageOf([...ofService], {
            list: `quotas ${ServiceCode}`,
            pageSize: MaxResults ?? 100,
            token: NextToken,
            badTokenCode: 'InvalidPaginationTokenException',
          });
          return {
            Quotas: items.map(([QuotaName, Value]) => ({ ServiceCode, QuotaName, Value, GlobalQuota: false })),
            ...(nextToken !== undefined && { NextToken: nextToken }),
          };
        },
      },
    },
  });
  return {
    set(serviceCode, name, value) {
      const ofService = quotas.get(serviceCode) ?? new Map<string, number>();
      quotas.set(serviceCode, ofService.set(name, value));
    },
    get: (serviceCode, name) => quotas.get(serviceCode)?.get(name),
  };
}
