/** The part of wrangler's configuration that a deployment changes. */
export interface DeployConfig {
  readonly name?: string | undefined;
  readonly r2_buckets?: readonly Binding[];
  readonly d1_databases?: readonly Binding[];
}

interface Binding {
  readonly binding: string;
  readonly bucket_name?: string;
  readonly database_name?: string;
  readonly database_id?: string;
}

/**
 * The configuration as a deployment is to have it. If the Worker gets a name of its own, its bucket and its database get
 * theirs too, so that two platforms of one account share nothing. wrangler looks for them by name before it makes new ones, so
 * a deployment that was broken off goes on where it stopped.
 * @param name if it is left out, all is named as the configuration says
 * @param hasR2 without it, the Worker has no bucket, and keeps blobs in its objects
 */
export function deployConfig<C extends DeployConfig>(config: C, { name, hasR2 }: DeployChoice): C {
  const isOther = name !== undefined && name !== config.name;
  const r2 = hasR2 ? (config.r2_buckets ?? []) : [];
  if (!isOther) return { ...config, r2_buckets: r2 };
  return {
    ...config,
    name,
    d1_databases: (config.d1_databases ?? []).map(({ database_id: _, ...binding }) => ({
      ...binding,
      database_name: `${name}-directory`,
    })),
    r2_buckets: r2.map(binding => ({ ...binding, bucket_name: `${name}-blobs` })),
  };
}

export interface DeployChoice {
  readonly name: string | undefined;
  readonly hasR2: boolean;
}
