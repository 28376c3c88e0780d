/** Environment variables that tell the Vulkan loader which drivers to open. */
const NAMING_VARIABLES = ['VK_DRIVER_FILES', 'VK_ICD_FILENAMES'] as const;

/** A driver of Chromium's that computes on the processor. */
const SWIFTSHADER = '/usr/lib/chromium/vk_swiftshader_icd.json';

type Environment = Readonly<Record<string, string | undefined>>;

export interface VulkanDriver {
  /** In words, for people. */
  readonly name: string;
  /** What names it to the loader. Nothing: the loader looks in the machine's own folders. */
  readonly variables: Readonly<Record<string, string>>;
}

/** What came of a driver: the device that computed rightly, or why none did. */
export type Trial =
  | { readonly works: true; readonly isCard: boolean; readonly device: string }
  | { readonly works: false; readonly why: string };

/** The driver that WebGPU is tested on. */
export interface VulkanFinding {
  /** Null: none works. */
  readonly driver: VulkanDriver | null;
  /** A graphics card computes; else the processor does in its place. */
  readonly isCard: boolean;
  /** What came of each driver that was tried, in words. */
  readonly trials: readonly string[];
}

const fromVariable = (key: string, value: string | undefined): VulkanDriver[] =>
  value ? [{ name: `${key}=${value}`, variables: { [key]: value } }] : [];

/** The drivers to try, in order. */
export const vulkanDrivers = (environment: Environment): readonly VulkanDriver[] => [
  ...NAMING_VARIABLES.flatMap(key => fromVariable(key, environment[key])),
  { name: 'the machine’s own drivers', variables: {} },
  { name: 'Chromium’s SwiftShader', variables: { VK_ICD_FILENAMES: SWIFTSHADER } },
];

/**
 * The first driver that computes. One of the machine's own that uses the processor comes after SwiftShader, for which the
 * tests' time limits were made.
 * @param tryDriver what comes of a driver; each is tried once at most
 */
export async function chooseDriver(
  drivers: readonly VulkanDriver[],
  tryDriver: (driver: VulkanDriver) => Promise<Trial>,
): Promise<VulkanFinding> {
  const trials: string[] = [];
  let last: VulkanDriver | null = null;
  for (const driver of drivers) {
    const trial = await tryDriver(driver);
    trials.push(`${driver.name}: ${trial.works ? trial.device : trial.why}`);
    if (!trial.works) continue;
    if (trial.isCard || isNamed(driver)) return { driver, isCard: trial.isCard, trials };
    last ??= driver;
  }
  return { driver: last, isCard: false, trials };
}

const isNamed = ({ variables }: VulkanDriver): boolean => Object.keys(variables).length > 0;

/** The environment of a process whose loader finds this driver and no other. */
export const environmentOf = ({ variables }: VulkanDriver, environment: Environment): NodeJS.ProcessEnv => ({
  ...environment,
  ...Object.fromEntries(NAMING_VARIABLES.map(key => [key, undefined])),
  ...variables,
});
