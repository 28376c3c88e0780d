import { type Role, roles } from '../../shared/protocol/identifiers.ts';

const numbered = (name: string): Role[] => roles.filter(role => role.startsWith(`${name}-`));

/** Roles in the order of their segments, from input to output, then the first so many segments, slices, and the whole. */
export const rolesInOrder: readonly Role[] = [
  'student',
  ...numbered('segment'),
  'teacher',
  ...numbered('depth'),
  ...numbered('slice'),
  'whole',
  'evaluator',
];
