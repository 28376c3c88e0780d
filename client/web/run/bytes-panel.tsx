import type { ModelOutline } from '../../../shared/protocol/model-outline.ts';
import type { RunView } from '../../../shared/protocol/run-view.ts';
import { exchangeCost } from '../../../shared/view/exchange-cost.ts';
import { formatBytes, formatFactor } from '../ui/format.ts';
import { runWords } from '../words/run-words.ts';

/** What went over the network, compared with exchanging whole models in float32. */
export function BytesPanel({ model, view }: { model: ModelOutline; view: RunView }) {
  const words = runWords();
  const { up, down, dense, factor } = exchangeCost(model, view);
  const largest = Math.max(up, down, dense, 1);
  return (
    <section class="card" aria-labelledby="bytes-title">
      <h2 id="bytes-title">{words.traffic}</h2>
      {factor !== null && (
        <p>
          <strong class="factor" data-testid="bytes-factor">
            {formatFactor(factor)} ×
          </strong>{' '}
          {words.saving(factor >= 1)}
        </p>
      )}
      <dl class="bars">
        <Bar name={words.sent} bytes={up} largest={largest} />
        <Bar name={words.received} bytes={down} largest={largest} />
        <Bar name={words.wholeModel} bytes={dense} largest={largest} isDense />
      </dl>
    </section>
  );
}

interface BarProps {
  readonly name: string;
  readonly bytes: number;
  readonly largest: number;
  readonly isDense?: boolean;
}

function Bar({ name, bytes, largest, isDense }: BarProps) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <span
          class={isDense ? 'bar dense' : 'bar'}
          style={{ width: `${(bytes / largest) * 100}%` }}
          aria-hidden="true"
        />
        <span>{formatBytes(bytes)}</span>
      </dd>
    </div>
  );
}
