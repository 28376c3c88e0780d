import type { PlanName } from '../../../../shared/protocol/plan-spec.ts';
import { formatPercent } from '../../ui/format.ts';
import { roleColor } from '../../ui/role-color.ts';
import { plansWords } from '../../words/plans-words.ts';
import { describeDevice } from './describe-device.ts';
import { type PictureDevice, type PictureStage, planPicture } from './plan-picture.ts';

const CELL = 24;
const GAP = 6;
const WIDTH = 3 * (CELL + GAP) + GAP;
/** Above and below the parts of a device whose answers learn from one another. */
const ARC = 12;

const roomOf = ({ learns }: PictureDevice): number => (learns.length > 0 ? ARC : 2);
const heightOf = (device: PictureDevice): number => CELL + 2 * roomOf(device) + 6;

/** Who trains which part of the network, and who learns from whom: a row for each device, a column for each part. */
export function PlanDrawing({ plan }: { plan: PlanName }) {
  return (
    <div class="plan-drawing">
      {planPicture(plan).map(stage => (
        <Stage key={stage.from} stage={stage} />
      ))}
    </div>
  );
}

function Stage({ stage: { from, devices } }: { stage: PictureStage }) {
  const words = plansWords().drawing;
  const when = from === 0 ? words.fromStart : words.from(formatPercent(from, 0));
  const told = devices.map((device, i) => `${words.device(i + 1)} ${describeDevice(device)}`).join('. ');
  const tops = devices.map((_, i) => devices.slice(0, i).reduce((sum, above) => sum + heightOf(above), 1));
  const height = devices.reduce((sum, device) => sum + heightOf(device), 1);
  return (
    <figure>
      <svg
        role="img"
        aria-label={`${when}: ${told}`}
        viewBox={`0 0 ${WIDTH} ${height}`}
        width={WIDTH}
        height={height}
      >
        {devices.map((device, i) => (
          <Device key={device.role} device={device} top={tops[i] ?? 0} />
        ))}
      </svg>
      <figcaption aria-hidden="true">{when}</figcaption>
    </figure>
  );
}

const leftOf = (place: number): number => GAP + place * (CELL + GAP);

function Device({ device, top }: { device: PictureDevice; top: number }) {
  const height = device.isNarrow ? CELL / 2 : CELL;
  const partTop = top + roomOf(device);
  return (
    <g style={{ '--role': `var(${roleColor(device.role)})` }}>
      <rect class="device" x={1} y={top} width={WIDTH - 2} height={heightOf(device) - 4} rx={5} />
      {device.cells.map((cell, place) => (
        <rect
          key={place}
          class={`part ${cell}`}
          x={leftOf(place)}
          y={partTop + 1 + (CELL - height) / 2}
          width={CELL}
          height={height}
          rx={3}
        />
      ))}
      {device.learns.map(([learner, teacher]) => (
        <Learning key={`${learner}-${teacher}`} from={teacher} to={learner} top={partTop + 1} />
      ))}
    </g>
  );
}

/** An arrow from the part whose answer is learnt from to the one that learns. Above it goes back, below it goes on. */
function Learning({ from, to, top }: { from: number; to: number; top: number }) {
  const goesBack = to < from;
  const y = goesBack ? top : top + CELL;
  const out = goesBack ? -1 : 1;
  // Arrows that meet at a part stand beside each other.
  const [start, end] = [leftOf(from) + CELL / 2 - 5 * out, leftOf(to) + CELL / 2 + 5 * out];
  const far = Math.abs(from - to) > 1 ? ARC + 6 : ARC;
  return (
    <g class="learning">
      <path d={`M${start} ${y}Q${(start + end) / 2} ${y + out * far} ${end} ${y + out * 3}`} />
      <path d={`M${end} ${y}l-3 ${out * 5}h6z`} />
    </g>
  );
}

/** What the shapes of the drawings mean. */
export function PlanLegend() {
  const words = plansWords().drawing;
  return (
    <ul class="plan-legend muted" aria-hidden="true">
      <li>
        <span class="swatch trained" /> {words.legendTrains}
      </li>
      <li>
        <span class="swatch kept" /> {words.legendFrozen}
      </li>
      <li>→ {words.legendLearns}</li>
    </ul>
  );
}
