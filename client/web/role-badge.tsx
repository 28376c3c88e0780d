import type { Role } from '../../shared/protocol/identifiers.ts';

/** A role in its colour; the word says it too. */
export function RoleBadge({ of: role }: { of: Role }) {
  return (
    <span class="badge" data-role={role}>
      {role}
    </span>
  );
}
