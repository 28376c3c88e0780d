import wasm from '../support/op-specs/known-failures/wasm.json' with { type: 'json' };
import { holdSpecs } from '../support/op-specs/spec-suite.ts';
import { startWasmWith } from '../support/op-specs/start-variant.ts';

holdSpecs('wasm', () => startWasmWith('simd'), wasm);
