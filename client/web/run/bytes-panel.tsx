import type { ModelOutline } from '../../../shared/protocol/model-outline.ts';
import type { RunView } from '../../../shared/protocol/run-view.ts';
import { exchangeCost } from '../../../shared/view/exchange-cost.ts';
import { formatBytes } from '../ui/format.ts';

/** What went over the network, compared with exchanging whole models in float32. */
export function BytesPanel({ model, view }: { model: ModelOutline; view: RunView }) {
  const { up, down, dense, factor } = exchangeCost(model, view);
  const largest = Math.max(up, down, dense, 1);
  return (
    <section class="card" aria-labelledby="bytes-title">
      <h2 id="bytes-title">Network traffic</h2>
      {factor !== null && (
        <p>
          <strong class="factor" data-testid="bytes-factor">
            {factor.toFixed(1)} ×
          </strong>{' '}
          {factor >= 1 ? 'fewer bytes than' : 'is the saving so far, compared with'} sending the whole model
          each time
        </p>
      )}
      <dl class="bars">
        <Bar name="Sent" bytes={up} largest={largest} />
        <Bar name="Received" bytes={down} largest={largest} />
        <Bar name="Whole model, each way" bytes={dense} largest={largest} isDense />
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
