import type { Kind } from './cost.ts';
import type { Watched } from './count-costs.ts';

/** Which calls the three kinds of object take from outside, and what they are in the table of costs. */

interface Reply {
  readonly value?: {
    readonly type?: string;
    readonly lease?: { readonly task?: { readonly role?: string } };
  };
}

/** A lease call is a grant or a poll in vain. What belongs to an evaluation is counted apart. */
function leaseKind(reply: unknown): Kind {
  const { value } = (reply ?? {}) as Reply;
  if (value?.type !== 'lease') return 'poll in vain';
  return value.lease?.task?.role === 'evaluator' ? 'evaluate' : 'grant';
}

const coordinatorKinds: Readonly<Record<string, Kind>> = {
  ...{ create: 'create', control: 'create', config: 'create', join: 'join', release: 'report' },
  ...{ info: 'view', version: 'view', keptVersions: 'view', ledger: 'view', asHost: 'view', alarm: 'alarm' },
  ...{ report: 'report', reportForged: 'report', attend: 'socket', presence: 'socket' },
};

export const coordinator: Watched = {
  methods: ['lease', ...Object.keys(coordinatorKinds)],
  otherwise: 'publish',
  kindOf: (method, args, reply) => {
    if (method === 'lease') return leaseKind(reply);
    if (method === 'report' && args[0] === 'evaluator') return 'evaluate';
    return coordinatorKinds[method] ?? 'view';
  },
};

const cohortKinds: Readonly<Record<string, Kind>> = {
  ...{ accept: 'update', checkOpen: 'update', acceptStored: 'update', refuse: 'update' },
  ...{ close: 'fold', fold: 'fold', finish: 'create', alarm: 'alarm' },
};

export const cohort: Watched = {
  methods: Object.keys(cohortKinds),
  otherwise: 'update',
  kindOf: (method, args) => {
    const [claims] = args as readonly [{ readonly role?: string } | undefined];
    return claims?.role === 'evaluator' ? 'evaluate' : (cohortKinds[method] ?? 'update');
  },
};

const relayKinds: Readonly<Record<string, Kind>> = {
  ...{ tell: 'tell', fetch: 'socket', alarm: 'socket' },
  ...{ webSocketMessage: 'socket', webSocketClose: 'socket', webSocketError: 'socket' },
};

export const relay: Watched = {
  methods: Object.keys(relayKinds),
  otherwise: 'socket',
  kindOf: method => relayKinds[method] ?? 'socket',
};
