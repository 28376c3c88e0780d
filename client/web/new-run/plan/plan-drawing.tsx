import type { PlanName } from '../../../../shared/protocol/plan-spec.ts';
import { formatPercent } from '../../ui/format.ts';
import { roleColor } from '../../ui/role-color.ts';
import { plansWords } from '../../words/plans-words.ts';
import { describeDevice } from './describe-device.ts';
import { type PictureDevice, type PictureStage, planPicture } from './plan-picture.ts';

const CELL = 22;
const GAP = 5;
const ROW = 30;
const TOP = 4;
const WIDTH = 3 * (CELL + GAP) + GAP;

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
  return (
    <figure>
      <svg
        role="img"
        aria-label={`${when}: ${told}`}
        viewBox={`0 0 ${WIDTH} ${devices.length * ROW + TOP}`}
        width={WIDTH}
        height={devices.length * ROW + TOP}
      >
        {devices.map((device, row) => (
          <Device key={device.role} device={device} top={TOP + row * ROW} />
        ))}
      </svg>
      <figcaption aria-hidden="true">{when}</figcaption>
    </figure>
  );
}

const leftOf = (place: number): number => GAP + place * (CELL + GAP);

function Device({ device, top }: { device: PictureDevice; top: number }) {
  const height = device.isNarrow ? CELL / 2 : CELL;
  return (
    <g style={{ '--role': `var(${roleColor(device.role)})` }}>
      <rect class="device" x={1} y={top - 3} width={WIDTH - 2} height={CELL + 6} rx={5} />
      {device.cells.map((cell, place) => (
        <rect
          key={place}
          class={`part ${cell}`}
          x={leftOf(place)}
          y={top + (CELL - height) / 2}
          width={CELL}
          height={height}
          rx={3}
        />
      ))}
      {device.learns.map(([learner, teacher]) => (
        <Learning key={`${learner}-${teacher}`} from={teacher} to={learner} top={top} />
      ))}
    </g>
  );
}

/** An arrow from the part whose answer is learnt from to the one that learns. Above goes back, below goes on. */
function Learning({ from, to, top }: { from: number; to: number; top: number }) {
  const [start, end] = [leftOf(from) + CELL / 2, leftOf(to) + CELL / 2];
  const goesBack = end < start;
  const [y, bend] = goesBack ? [top + 8, top - 3] : [top + CELL - 8, top + CELL + 3];
  const tip = goesBack ? -4 : 4;
  return (
    <g class="learning">
      <path d={`M${start} ${y}Q${(start + end) / 2} ${bend} ${end} ${y}`} />
      <path d={`M${end} ${y}l${-tip} ${tip / 2}m${tip} ${-tip / 2}l${-tip / 2} ${-tip}`} />
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
