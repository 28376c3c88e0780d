import wasm from '../support/op-specs/known-failures/wasm.json' with { type: 'json' };
import { holdSpecs } from '../support/op-specs/spec-suite.ts';
import { startWasmWith } from '../support/start-wasm-with.ts';

holdSpecs({ backend: 'wasm', start: () => startWasmWith('relaxed'), knownFailures: wasm });
