import type { ChannelAxis, ChannelSpace } from '../../../shared/protocol/channels.ts';

/** Channels of an axis while the network is read: spaces by their numbers, which may turn out to be one. */
export interface Axis {
  readonly spaces: readonly number[];
  /** How often all of them follow one another: once for each position that was flattened. */
  readonly repeats: number;
}

interface Space {
  readonly layer: string;
  readonly channels: number;
  granule: number;
  isFixed: boolean;
  /** The space that it is part of; itself if it is none. */
  parent: number;
}

/** What the network's spaces came to be. */
interface Described {
  readonly spaces: ChannelSpace[];
  /** An axis by the places of its spaces; null if none of them is ever sliced. */
  axis(axis: Axis | null): ChannelAxis | null;
}

/** Spaces of channels, which become one another's as layers tie them together (union–find, Tarjan 1975). */
export class SpaceUnion {
  private readonly all: Space[] = [];

  /** Channels that a layer puts out. */
  create(layer: string, channels: number): Axis {
    this.all.push({ layer, channels, granule: 1, isFixed: false, parent: this.all.length });
    return { spaces: [this.all.length - 1], repeats: 1 };
  }

  /** The same, never sliced. */
  createFixed(layer: string, channels: number): Axis {
    const axis = this.create(layer, channels);
    this.fix(axis);
    return axis;
  }

  channelsOf({ spaces, repeats }: Axis): number {
    return repeats * spaces.reduce((sum, space) => sum + this.root(space).channels, 0);
  }

  /** Never slices these channels. */
  fix(...axes: readonly Axis[]): void {
    for (const { spaces } of axes) for (const space of spaces) this.root(space).isFixed = true;
  }

  /** Slices these channels by whole granules of so many. @returns false if they are several spaces, or repeated ones */
  hold({ spaces, repeats }: Axis, granule: number): boolean {
    const [only] = spaces;
    if (only === undefined || spaces.length > 1 || repeats > 1) return false;
    const space = this.root(only);
    space.granule = leastMultiple(space.granule, granule);
    return true;
  }

  /** Slices all of these alike. Those that are not made of spaces of the same sizes are never sliced. */
  tie(axes: readonly Axis[]): void {
    const [first, ...others] = axes;
    if (!first) return;
    if (others.every(other => this.isAlike(first, other)))
      for (const other of others)
        for (const [i, space] of other.spaces.entries()) this.unite(first.spaces[i] ?? space, space);
    else this.fix(...axes);
  }

  describe(): Described {
    const roots = [...new Set(this.all.map((_, i) => this.root(i)))];
    const places = new Map(roots.map((space, place) => [space, place]));
    const placeOf = (space: number): number => places.get(this.root(space)) ?? 0;
    const isSliced = (space: number): boolean => !this.root(space).isFixed;
    return {
      spaces: roots.map(({ layer, channels, granule, isFixed }) => ({
        layer,
        channels,
        ...(isFixed ? {} : { granule }),
      })),
      axis: axis => {
        if (!axis?.spaces.some(isSliced)) return null;
        const { spaces, repeats } = axis;
        return { spaces: spaces.map(placeOf), ...(repeats > 1 && { repeats }) };
      },
    };
  }

  private isAlike(a: Axis, b: Axis): boolean {
    const sizes = ({ spaces, repeats }: Axis): string =>
      [repeats, ...spaces.map(space => this.root(space).channels)].join();
    return sizes(a) === sizes(b);
  }

  /** Together they are the space of the layer that comes first. */
  private unite(a: number, b: number): void {
    const roots = [this.root(a), this.root(b)];
    const [kept, joined] = roots.toSorted((one, other) => one.parent - other.parent);
    if (!kept || !joined || kept === joined) return;
    kept.granule = leastMultiple(kept.granule, joined.granule);
    kept.isFixed ||= joined.isFixed;
    joined.parent = kept.parent;
  }

  /** Halves the way on each walk, so that a deep network's sums stay quick. */
  private root(space: number): Space {
    let place = space;
    for (;;) {
      const here = this.at(place);
      if (here.parent === place) return here;
      here.parent = this.at(here.parent).parent;
      place = here.parent;
    }
  }

  private at(place: number): Space {
    const space = this.all[place];
    if (!space) throw new Error(`there is no channel space ${place}`);
    return space;
  }
}

const leastMultiple = (a: number, b: number): number => (a / greatestDivisor(a, b)) * b;
const greatestDivisor = (a: number, b: number): number => (b === 0 ? a : greatestDivisor(b, a % b));
