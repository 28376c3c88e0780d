import { type Role, roles } from '../../shared/protocol/identifiers.ts';

const middle = roles.filter(role => role.startsWith('segment-'));

/** Roles in the order of their segments, from input to output, then those of the whole network. */
export const rolesInOrder: readonly Role[] = ['student', ...middle, 'teacher', 'whole', 'evaluator'];
