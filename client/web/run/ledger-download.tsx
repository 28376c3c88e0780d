import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { ledgerCsv } from '../../host/ledger-csv.ts';
import { readLedger, type WholeLedger } from '../../platform/read-ledger.ts';
import { platformClient } from '../state/platform-client.ts';
import { formatCount } from '../ui/format.ts';
import { saveFile } from '../ui/save-file.ts';
import { problemText } from '../words/problem-text.ts';
import { runWords } from '../words/run-words.ts';

type Kind = 'json' | 'csv';

const kinds = ['json', 'csv'] as const;

/** The ledger as a file, read from the platform when somebody asks for it. */
export function LedgerDownload({ run }: { run: string }) {
  const words = runWords();
  const reading = useSignal<string | null>(null);
  const note = useSignal<string | null>(null);
  const error = useSignal<string | null>(null);
  const closing = useRef(new AbortController());
  useEffect(() => () => closing.current.abort(), []);
  const download = async (kind: Kind): Promise<void> => {
    [reading.value, note.value, error.value] = [words.ledgerRead('0', '…'), null, null];
    try {
      const ledger = await readLedger(platformClient, run, {
        signal: closing.current.signal,
        onProgress: (read, last) => {
          reading.value = words.ledgerRead(formatCount(read), formatCount(last));
        },
      });
      saveLedger(run, kind, ledger);
      if (ledger.first > 1) note.value = words.ledgerFrom(formatCount(ledger.first));
    } catch (reason) {
      if (!closing.current.signal.aborted) error.value = problemText(reason);
    }
    reading.value = null;
  };
  return (
    <div class="ledger">
      <p class="note">{words.ledger}</p>
      <p class="switches">
        {kinds.map(kind => (
          <button
            key={kind}
            type="button"
            class="secondary outline"
            data-testid={`ledger-${kind}`}
            aria-label={words.ledgerAs(kind)}
            disabled={reading.value !== null}
            onClick={() => void download(kind)}
          >
            {kind.toUpperCase()}
          </button>
        ))}
      </p>
      <p class="muted note" role="status">
        {reading.value ?? note.value}
      </p>
      {error.value && (
        <p class="error" role="alert">
          {error.value}
        </p>
      )}
    </div>
  );
}

function saveLedger(run: string, kind: Kind, { entries }: WholeLedger): void {
  const name = `ledger-${run}.${kind}`;
  if (kind === 'csv') saveFile(name, 'text/csv;charset=utf-8', ledgerCsv(entries));
  else saveFile(name, 'application/json', `${JSON.stringify(entries, null, 1)}\n`);
}
