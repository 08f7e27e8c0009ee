import { homedir } from 'node:os';
import { join } from 'node:path';

/** Variables of the environment, by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Where models and data sets come from and go to. */
export interface HubSettings {
  /** `HF_ENDPOINT`, without a final slash. */
  readonly endpoint: string;
  /** `HF_TOKEN`; sent to the endpoint's own origin only, never logged. */
  readonly token: string | null;
  /** `HF_HUB_OFFLINE`: the network is not touched. */
  readonly isOffline: boolean;
  readonly cacheFolder: string;
  /** `HTTPS_PROXY` is set, and this Node does not follow it. */
  readonly isProxyIgnored: boolean;
}

/** Settings from the environment, with the variables that Hugging Face's own clients read. */
export function hubSettings(environment: Environment): HubSettings {
  const endpoint = environment['HF_ENDPOINT']?.trim();
  return {
    endpoint: (endpoint === undefined || endpoint === '' ? 'https://huggingface.co' : endpoint).replace(/\/+$/, ''),
    token: environment['HF_TOKEN']?.trim() || null,
    isOffline: ['1', 'true', 'yes', 'on'].includes((environment['HF_HUB_OFFLINE'] ?? '').trim().toLowerCase()),
    isProxyIgnored:
      Boolean(environment['HTTPS_PROXY'] || environment['https_proxy']) && environment['NODE_USE_ENV_PROXY'] !== '1',
    cacheFolder:
      environment['ESCI_LAB_CACHE'] || join(userCacheFolder(environment, process.platform), 'esci-lab', 'hub'),
  };
}

/** The user's folder for files that can be fetched again. */
export function userCacheFolder(environment: Environment, platform: NodeJS.Platform): string {
  if (platform === 'win32') return environment['LOCALAPPDATA'] || join(homedir(), 'AppData', 'Local');
  if (platform === 'darwin') return join(homedir(), 'Library', 'Caches');
  return environment['XDG_CACHE_HOME'] || join(homedir(), '.cache');
}
