import { isNamedByTool } from '../../shared/core/principal.ts';

/**
 * What whoever holds these credentials has to do before his word can count as one person's; undefined for a user, and for a
 * session that a person or a directory named.
 *
 * @param arn as STS tells it
 */
export const adviseSessionName = (arn: string): string | undefined =>
  isNamedByTool(arn)
    ? `${arn} is a session that a tool named, so nobody knows who you are: write role_session_name with your own name into the profile (with a web identity token set AWS_ROLE_SESSION_NAME), and ask again`
    : undefined;
