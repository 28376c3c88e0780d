import * as z from 'zod';
import { parseJsonBytes } from '../../../shared/math/utf8.ts';
import { base64ToBytes } from '../../host/base64.ts';
import { modelMetadataSchema } from '../../host/model-metadata.ts';
import { NETWORK_ELEMENT } from '../../host/network-element.ts';

const heldSchema = z.object({ modelJson: z.string(), metadata: modelMetadataSchema, weights: z.string() });

/** The network that this page holds in itself. @throws if it holds none */
export function heldNetwork() {
  const text = document.getElementById(NETWORK_ELEMENT)?.textContent ?? '';
  const { weights, ...held } = heldSchema.parse(parseJsonBytes(new TextEncoder().encode(text)));
  return { ...held, weights: base64ToBytes(weights) };
}
