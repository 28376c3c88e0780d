import type { Role } from '../../../shared/protocol/identifiers.ts';
import { eventWords } from '../words/event-words.ts';
import { roleColor } from './role-color.ts';

/** A role in its colour. The word says it, and the colour helps. */
export function RoleBadge({ of: role }: { of: Role }) {
  return (
    <span class="badge" data-role={role} style={{ '--ink': `var(${roleColor(role)})` }}>
      {eventWords().role(role)}
    </span>
  );
}
