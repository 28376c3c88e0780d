import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { StorageUsage } from '../../../shared/protocol/storage-usage.ts';
import { ownershipCalls } from '../claim/ownership-calls.ts';
import { ActError, useAct } from '../host/use-act.tsx';
import { keptDeploymentKey } from '../state/deployment-key.ts';
import { runHref } from '../state/router.ts';
import { formatBytes, formatCount, formatMoment } from '../ui/format.ts';
import { ScrollBox } from '../ui/scroll-box.tsx';
import { storageWords } from '../words/storage-words.ts';

/** While the platform counts. */
const ASK_AGAIN_MS = 2_000;

/** The largest are shown. `homeroom storage` has all. */
const SHOWN = 20;

/** What the platform has stored, for its owner. */
export function StoragePanel() {
  const words = storageWords();
  const { usage, count, act } = useUsage();
  return (
    <section class="card" aria-labelledby="storage-title">
      <h2 id="storage-title">{words.whatIsThere}</h2>
      {usage?.countedAt != null && (
        <>
          <p>
            {words.stored(
              formatBytes(usage.bytes),
              formatCount(usage.objects),
              formatMoment(usage.countedAt),
            )}
          </p>
          <ScrollBox label={words.whatIsThere}>
            <UsageTable usage={usage} />
          </ScrollBox>
        </>
      )}
      {usage?.isCounting && <p aria-busy="true">{words.counting}</p>}
      <button type="button" class="secondary" disabled={act.isBusy || usage?.isCounting} onClick={count}>
        {words.countAgain}
      </button>
      <ActError act={act} />
    </section>
  );
}

function UsageTable({ usage }: { readonly usage: StorageUsage }) {
  const words = storageWords();
  return (
    <table class="storage-table">
      <thead>
        <tr>
          <th scope="col">{words.ofWhom}</th>
          <th scope="col">{words.whatIsStored}</th>
          <th scope="col">{words.size}</th>
        </tr>
      </thead>
      <tbody>
        {usage.owners.slice(0, SHOWN).map(owner => (
          <tr key={`${owner.run ?? ''} ${owner.dataset ?? ''} ${owner.kind}`}>
            <th scope="row">
              <OwnerName {...owner} />
            </th>
            <td>{words.kinds[owner.kind]}</td>
            <td>{formatBytes(owner.bytes)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function OwnerName({ run, name, dataset }: StorageUsage['owners'][number]) {
  const words = storageWords();
  if (dataset !== undefined) return <>{words.dataSet(dataset)}</>;
  if (run === undefined) return <>{words.nobody}</>;
  // A run that is not listed is being deleted.
  return name === undefined ? <span>{run}</span> : <a href={runHref(run)}>{name}</a>;
}

function useUsage() {
  const usage = useSignal<StorageUsage | null>(null);
  const act = useAct();
  const look = async (): Promise<void> => {
    usage.value = await ownershipCalls.storage(keptDeploymentKey() ?? '');
  };
  useEffect(() => void act.run(look), []);
  const isCounting = usage.value?.isCounting === true;
  useEffect(() => {
    if (!isCounting) return undefined;
    const timer = setInterval(() => void look().catch(act.show), ASK_AGAIN_MS);
    return () => clearInterval(timer);
  }, [isCounting]);
  const count = (): void =>
    void act.run(async () => {
      await ownershipCalls.countStorage(keptDeploymentKey() ?? '');
      if (usage.value) usage.value = { ...usage.value, isCounting: true };
    });
  return { usage: usage.value, count, act };
}
