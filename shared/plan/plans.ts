import type { PlanName, PlanSpecs } from '../protocol/plan-spec.ts';
import type { LearningPlan, PlanNamed } from './learning-plan.ts';
import { augLocal } from './plans/aug-local.ts';
import { conventional } from './plans/conventional.ts';
import { deepSupervision } from './plans/deep-supervision.ts';
import { depthFederated } from './plans/depth-federated.ts';
import { growing } from './plans/growing.ts';
import { growingTogether } from './plans/growing-together.ts';
import { jointSelfDistillation } from './plans/joint-self-distillation.ts';
import { layerToLayer } from './plans/layer-to-layer.ts';
import { layerToLayerLiteral } from './plans/layer-to-layer-literal.ts';
import { layerToLayerThrough } from './plans/layer-to-layer-through.ts';
import { momentumAuxiliary } from './plans/momentum-auxiliary.ts';
import { studentAlone } from './plans/student-alone.ts';
import { subNetworks } from './plans/sub-networks.ts';

const plans: { readonly [Name in PlanName]: PlanNamed<Name> } = {
  'layer-to-layer': layerToLayer,
  'layer-to-layer-literal': layerToLayerLiteral,
  'layer-to-layer-through': layerToLayerThrough,
  'joint-self-distillation': jointSelfDistillation,
  growing,
  'growing-together': growingTogether,
  'depth-federated': depthFederated,
  'sub-networks': subNetworks,
  conventional,
  'student-alone': studentAlone,
  'aug-local': augLocal,
  'deep-supervision': deepSupervision,
  'momentum-auxiliary': momentumAuxiliary,
};

/** A spec written so that TypeScript follows its name to the one plan that takes it. */
type SpecOf<Name extends PlanName> = { [N in Name]: PlanSpecs[N] & { readonly name: N } }[Name];

/** The plan of a spec, its settings bound. */
export const planOf = <Name extends PlanName>(spec: SpecOf<Name>): LearningPlan => plans[spec.name](spec);
