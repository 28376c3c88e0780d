import { type KindName, kindOf, type Settings, type Shape } from './layer-kinds.ts';
import { commonSettings } from './layer-settings.ts';

/** One layer of a sketch: all settings that both versions of Keras write, in Keras 3's words. */
export interface SketchLayer {
  readonly type: 'layer';
  readonly name: string;
  readonly kind: KindName;
  readonly settings: Settings;
  readonly from: readonly string[];
  readonly inputs: readonly Shape[];
  readonly output: Shape;
}

/** A network that stands in another one as a layer does. */
export interface NestedSketch {
  readonly type: 'network';
  readonly name: string;
  readonly network: Sketch;
  readonly from: readonly string[];
  readonly output: Shape;
}

export type SketchItem = SketchLayer | NestedSketch;

/** A network, described once for every writer. */
export interface Sketch {
  readonly name: string;
  readonly form: 'Sequential' | 'Functional';
  /** The name of its input. */
  readonly input: string;
  readonly inputShape: Shape;
  /** Each after those that it takes its input from; the last one's output is the network's. */
  readonly items: readonly SketchItem[];
}

/** Puts a sketch together layer by layer. A layer follows the last one, unless others are named. */
export class Sketcher {
  private readonly start: Omit<Sketch, 'items'>;
  private readonly items: SketchItem[] = [];

  constructor(name: string, form: Sketch['form'], inputShape: Shape, input = 'pictures') {
    this.start = { name, form, input, inputShape };
  }

  /** The name of the last layer. */
  get last(): string {
    return this.items.at(-1)?.name ?? this.start.input;
  }

  /** @returns the layer's name */
  add(kind: KindName, name: string, settings: Settings = {}, ...named: readonly string[]): string {
    const from = named.length > 0 ? named : [this.last];
    const inputs = from.map(before => this.shapeOf(before));
    const all = { ...commonSettings[kind], ...settings };
    const output = kindOf(kind).output(inputs, all);
    this.items.push({ type: 'layer', name, kind, settings: all, from, inputs, output });
    return name;
  }

  nest(network: Sketch): string {
    const output = network.items.at(-1)?.output ?? network.inputShape;
    this.items.push({ type: 'network', name: network.name, network, from: [this.last], output });
    return network.name;
  }

  shapeOf(name: string): Shape {
    if (name === this.start.input) return this.start.inputShape;
    const found = this.items.find(item => item.name === name);
    if (!found) throw new Error(`${this.start.name} has no layer ${name}`);
    return found.output;
  }

  done(): Sketch {
    return { ...this.start, items: this.items };
  }
}

/** All layers, those of nested networks in their place. */
export const layersOf = ({ items }: Sketch): SketchLayer[] =>
  items.flatMap(item => (item.type === 'layer' ? [item] : layersOf(item.network)));
