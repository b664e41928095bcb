import { ListServiceQuotasCommand, type ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import { entriesOf, fetchAllPages } from '../../shared/aws/answer.ts';
import { callAws } from '../../shared/aws/call.ts';
import type { CallScope } from '../../shared/run/call-scope.ts';

/** A quota as it is applied to this account in the Region. */
export type Quota = { readonly name: string; readonly value: number };

/** @throws DependencyError naming `servicequotas:ListServiceQuotas` */
export const fetchQuotas = (
  client: ServiceQuotasClient,
  calls: CallScope,
  serviceCode: string,
): Promise<readonly Quota[]> => {
  const call = 'servicequotas:ListServiceQuotas';
  return fetchAllPages(call, async (nextToken) => {
    const command = new ListServiceQuotasCommand({ ServiceCode: serviceCode, MaxResults: 100, NextToken: nextToken });
    const answer = await callAws(calls, call, (options) => client.send(command, options));
    return {
      items: entriesOf(answer.Quotas).flatMap(({ QuotaName, Value }) =>
        QuotaName === undefined || Value === undefined ? [] : [{ name: QuotaName, value: Value }],
      ),
      nextToken: answer.NextToken,
    };
  });
};
