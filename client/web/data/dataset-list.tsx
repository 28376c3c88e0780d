import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { newRunWith } from '../state/router.ts';
import { formatCount } from '../ui/format.ts';
import { dataWords } from '../words/data-words.ts';
import { inPageLanguage } from '../words/language.ts';
import { countExamples } from './count-examples.ts';
import { DeleteDataset } from './delete-dataset.tsx';
import type { ListedSet, Listing } from './use-datasets.ts';

interface DatasetListProps {
  readonly listing: Listing;
  /** The list has to be asked for again. */
  readonly onDeleted: () => void;
}

/** Data that runs can be made with already: the ready-made sets and those of this platform. */
export function DatasetList({ listing, onDeleted }: DatasetListProps) {
  const words = dataWords();
  const title = useRef<HTMLHeadingElement>(null);
  const deleted = useSignal<string | null>(null);
  return (
    <section aria-labelledby="data-list">
      <h2 id="data-list" ref={title} tabIndex={-1}>
        {words.list}
      </h2>
      <p role="status" class="note">
        {deleted.value !== null && words.removed(deleted.value)}
      </p>
      {listing.error && (
        <p class="error" role="alert">
          {words.listFailed(inPageLanguage(listing.error))}
        </p>
      )}
      <ul class="dataset-list" data-testid="dataset-list">
        {listing.sets.map(set => (
          <DatasetItem
            key={set.name}
            set={set}
            onDeleted={() => {
              deleted.value = set.name;
              // The button that had the focus goes with its data set.
              title.current?.focus();
              onDeleted();
            }}
          />
        ))}
      </ul>
    </section>
  );
}

function DatasetItem({ set, onDeleted }: { set: ListedSet; onDeleted: () => void }) {
  const words = dataWords();
  const { name, isTable, shape, classes, train, test, source } = set;
  const size = isTable
    ? words.tableOf(formatCount(shape.width))
    : words.sizeOf(`${shape.height} × ${shape.width}`, shape.channels === 1);
  const counts = words.listed(
    countExamples(isTable, train),
    countExamples(isTable, test),
    words.classCount(classes, formatCount(classes)),
  );
  return (
    <li class="card dataset-item">
      <h3>{name}</h3>
      {set.isReadyMade && <span class="muted">{words.readyMade}</span>}
      <p>
        {counts} {size}
      </p>
      {source && (
        <p class="muted">
          <small>{source}</small>
        </p>
      )}
      <a href={newRunWith(name)}>{words.useIt(name)}</a>
      {!set.isReadyMade && <DeleteDataset name={name} onDeleted={onDeleted} />}
    </li>
  );
}
