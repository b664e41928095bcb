/**
 * mskeeper's own metric that incident leaves each minute, by cluster and procedure: 1 where every alarm that is in ALARM now is a
 * member of an incident or held, and no page that was due is unsent for two minutes; else 0. Silence counts as 0: the alarm on it
 * lets CloudWatch itself tell people (infra/stack/alarms-teller.ts).
 */
export const incidentHeard = 'IncidentHeard';
