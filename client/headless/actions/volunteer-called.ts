import { idSchema } from '../../../shared/protocol/identifiers.ts';
import { toOneLine } from '../../../shared/protocol/one-line.ts';
import type { HomeroomClient } from '../../platform/homeroom-client.ts';
import { UsageError } from '../terminal/usage-error.ts';

/**
 * The id of a volunteer.
 * @param who its id, or a name that it alone has
 * @throws UsageError if several have that name, or if nobody has it and it cannot be an id
 */
export async function volunteerCalled(client: HomeroomClient, run: string, who: string): Promise<string> {
  const volunteers = Object.values((await client.run(run)).view.volunteers);
  const named = volunteers.filter(({ name, removed }) => name === who && !removed);
  if (named.length > 1)
    throw new UsageError(
      `${named.length} volunteers are called ${toOneLine(who)}: name one by its id, which is ${named.map(({ volunteer }) => volunteer).join(' or ')}`,
    );
  const id = named[0]?.volunteer ?? who;
  if (idSchema.safeParse(id).success) return id;
  throw new UsageError(
    `no volunteer of this run is called ${toOneLine(who)}: \`npx homeroom status LINK --json\` lists all volunteers`,
  );
}
