import { expect, test } from 'vitest';
import {
  auditDayPrefix,
  auditKey,
  auditPrefix,
  budgetKey,
  budgetPrefix,
  claimKey,
  isAuditKey,
  procedureAuditPrefix,
} from '../../../../../shared/acting/core/keys.ts';

const lateMs = Date.UTC(2026, 2, 1, 23, 59);

test('a record lies under its cluster, procedure and day in UTC', () => {
  expect(auditPrefix('orders')).toBe('audit/orders/');
  expect(procedureAuditPrefix('orders', 'drill')).toBe('audit/orders/drill/');
  expect(auditDayPrefix('orders', 'drill', lateMs)).toBe('audit/orders/drill/2026/03/01/');
  expect(auditDayPrefix('orders', 'drill', Date.UTC(2026, 10, 30))).toBe('audit/orders/drill/2026/11/30/');
  expect(auditKey('orders', 'drill', lateMs, 'orders-1')).toBe('audit/orders/drill/2026/03/01/orders-1.json');
});

test('a claim lies beside the days, and a budget by its cluster', () => {
  expect(claimKey('orders', 'drill', 'orders-1')).toBe('audit/orders/drill/causes/orders-1.json');
  expect(budgetKey('orders')).toBe('budget/orders.json');
  expect(budgetKey('orders').startsWith(budgetPrefix)).toBe(true);
});

test('a record’s key is told from a claim’s', () => {
  expect(isAuditKey(auditKey('orders', 'drill', lateMs, 'orders-1'))).toBe(true);
  expect(isAuditKey(claimKey('orders', 'drill', 'orders-1'))).toBe(false);
  expect(isAuditKey(auditDayPrefix('orders', 'drill', lateMs))).toBe(false);
});
