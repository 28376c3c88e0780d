/** A place of the drawing, in its units. */
interface Device {
  readonly kind: 'laptop' | 'phone' | 'tablet';
  readonly x: number;
  readonly y: number;
  /** The layer that it trains. */
  readonly layer: number;
}

const LAYERS = [0, 1, 2, 3];
const layerY = (layer: number): number => 40 + 44 * layer;

/** Left of the network and right of it. */
const devices: readonly Device[] = [
  { kind: 'laptop', x: 50, y: 60, layer: 0 },
  { kind: 'phone', x: 350, y: 70, layer: 1 },
  { kind: 'tablet', x: 56, y: 160, layer: 2 },
  { kind: 'laptop', x: 350, y: 172, layer: 3 },
];

const CENTRE = 200;

/**
 * The moving picture of the first page: a network whose layers several small devices take, train and give back. It is moved
 * by the style sheet, and stands still if the reader has asked for less motion.
 */
export function NetworkPicture({ label }: { label: string }) {
  return (
    <svg class="network-picture" viewBox="0 0 400 230" role="img" aria-label={label}>
      {devices.map(({ x, y, layer }) => (
        <path key={layer} class="wire" d={`M${CENTRE} ${layerY(layer)}L${x} ${y}`} />
      ))}
      {LAYERS.map(layer => (
        <g key={layer} class={`layer layer-${layer}`}>
          <rect x={CENTRE - 56} y={layerY(layer) - 14} width="112" height="28" rx="7" />
          {[0, 1, 2, 3, 4].map(unit => (
            <circle key={unit} cx={CENTRE - 36 + 18 * unit} cy={layerY(layer)} r="4" />
          ))}
        </g>
      ))}
      {devices.map(device => (
        <DeviceDrawing key={device.layer} device={device} />
      ))}
      {devices.map(device => (
        <Parcel key={device.layer} device={device} />
      ))}
      <rect class="meter" x={CENTRE - 56} y="206" width="112" height="8" rx="4" />
      <rect class="meter-fill" x={CENTRE - 56} y="206" width="112" height="8" rx="4" />
    </svg>
  );
}

const sizes = { laptop: [44, 30], phone: [20, 34], tablet: [32, 40] } as const;

function DeviceDrawing({ device: { kind, x, y, layer } }: { device: Device }) {
  const [width, height] = sizes[kind];
  return (
    <g class={`device layer-${layer}`}>
      <rect class="screen" x={x - width / 2} y={y - height / 2} width={width} height={height} rx="4" />
      <rect class="work" x={x - width / 2 + 4} y={y - 3} width={width - 8} height="6" rx="3" />
      {kind === 'laptop' && (
        <path class="foot" d={`M${x - width / 2 - 7} ${y + height / 2 + 4}h${width + 14}`} />
      )}
    </g>
  );
}

/** What travels from the network to a device and back. The style sheet knows its way by two variables. */
const Parcel = ({ device: { x, y, layer } }: { device: Device }) => (
  <circle
    class={`parcel layer-${layer}`}
    cx={CENTRE}
    cy={layerY(layer)}
    r="6"
    style={{ '--way-x': `${x - CENTRE}px`, '--way-y': `${y - layerY(layer)}px` }}
  />
);
