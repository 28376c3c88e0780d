import { useSignal } from '@preact/signals';
import { useEffect, useLayoutEffect } from 'preact/hooks';
import { exampleKind } from '../../../shared/protocol/dataset.ts';
import type { RunView, VolunteerView } from '../../../shared/protocol/run-view.ts';
import { isOver } from '../run/is-over.ts';
import type { RunFacts } from '../state/live-run.ts';
import { platformClient } from '../state/platform-client.ts';
import { isRefereeKeyWrong, judgingKeyOf } from '../state/referee-keys.ts';
import { volunteerWords } from '../words/volunteer-words.ts';
import { hasAgreed } from './agreement.ts';
import { ContributionCard } from './card/contribution-card.tsx';
import { currentSession } from './current-session.ts';
import { OfferedKey } from './offered-key.tsx';
import { RefereeRights } from './referee-rights.tsx';
import { startVolunteering } from './start-volunteering.ts';
import { StorageLine } from './storage-line.tsx';
import { nameFor } from './suggested-name.ts';
import { dropEarlyTrainer } from './trainer-bridge.ts';
import { isPutOut } from './turned-away-note.tsx';
import { VolunteerForm } from './volunteer-form.tsx';
import { claimSlot, readBackend, type VolunteerMemory, type VolunteerSlot } from './volunteer-memory.ts';
import type { TurnedAway } from './volunteer-session.ts';
import { VolunteerWork } from './volunteer-work.tsx';

interface VolunteerPanelProps {
  readonly facts: RunFacts;
  readonly view: RunView;
  readonly query: URLSearchParams;
}

/**
 * The volunteer was at work when the page was closed, or the link asks for it. A link alone starts nobody's device: somebody
 * must have agreed in this browser, and nobody must have stopped it in this run. Nobody who wants to be a referee and whose
 * key is none becomes an ordinary volunteer without a word.
 */
function startsAlone({ query, facts, view }: VolunteerPanelProps, memory: VolunteerMemory | null): boolean {
  if (isPutOut(memory, view) || isRefereeKeyWrong(facts.run)) return false;
  if (memory?.wasActive) return true;
  const asksCode = facts.needsCode && !memory?.identity && judgingKeyOf(facts.run) === null;
  return query.get('join') === '1' && hasAgreed() && !memory?.wasStopped && !asksCode;
}

/** Whoever was not let in has done nothing that could be shown. */
const hasBegun = (turnedAway: TurnedAway | null): boolean =>
  turnedAway === null || turnedAway.why === 'removed';

/** One who has just come may not be in the view yet. It came with the key that is here. */
const roleOf = (mine: VolunteerView | undefined): 'referee' | 'volunteer' =>
  mine?.referee === false ? 'volunteer' : 'referee';

/** This browser as a volunteer. */
export function VolunteerPanel(props: VolunteerPanelProps) {
  const { facts, view, query } = props;
  const { run } = facts;
  const slot = useSignal<VolunteerSlot | null>(null);
  const session = currentSession.value?.run === run ? currentSession.value : null;
  const isFinished = isOver(facts, view);
  const words = volunteerWords();

  // What a passive effect leaves is cleared after the next paint only, and the place may come before that.
  useLayoutEffect(() => {
    let isGone = false;
    slot.value = null;
    void claimSlot(run).then(claimed => {
      // Its lock took a while, in which whoever looks may have left for another page.
      if (isGone) return dropEarlyTrainer();
      const memory = claimed.read();
      slot.value = claimed;
      if (session || isFinished || !startsAlone(props, memory)) return dropEarlyTrainer();
      const name = nameFor(query, memory?.name);
      const backend = query.has('backend') ? readBackend(query.get('backend')) : (memory?.backend ?? 'auto');
      const { checksWith } = facts;
      startVolunteering({ client: platformClient, run, slot: claimed, name, backend, checksWith });
    });
    return () => {
      isGone = true;
    };
  }, [run, query.toString()]);

  const isRunning = session?.isRunning.value === true;
  const turnedAway = session?.turnedAway.value ?? null;
  const mine = view.volunteers[session?.status.value.volunteer ?? ''];
  const isRemoved = mine?.removed === true;
  useEffect(() => {
    if (isRemoved) session?.putOut();
  }, [isRemoved, session]);

  return (
    <section class="card" aria-labelledby="volunteer-title">
      <h2 id="volunteer-title">{words.title}</h2>
      <OfferedKey run={run} />
      {!isFinished && <RefereeRights run={run} atWork={isRunning ? roleOf(mine) : null} />}
      {session && hasBegun(turnedAway) && (
        <VolunteerWork session={session} view={view} kind={exampleKind(facts.spec.dataset)} />
      )}
      {!isRunning && isFinished && <p>{view.phase === 'finished' ? words.over : words.archived}</p>}
      {!isRunning && !isFinished && slot.value && (
        <VolunteerForm facts={facts} view={view} slot={slot.value} query={query} turnedAway={turnedAway} />
      )}
      {session && <ContributionCard run={facts.spec.name} totals={session.totals.value} view={view} />}
      <StorageLine />
    </section>
  );
}
