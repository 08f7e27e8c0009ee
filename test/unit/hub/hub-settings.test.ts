import { homedir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { hubSettings, userCacheFolder } from '../../../src/hub/hub-settings.ts';

it('asks the public hub without a token by default', () => {
  const { endpoint, token, isOffline } = hubSettings({});
  expect({ endpoint, token, isOffline }).toEqual({ endpoint: 'https://huggingface.co', token: null, isOffline: false });
});

it('follows the environment', () => {
  const settings = hubSettings({
    HF_ENDPOINT: ' https://mirror.example/hub/ ',
    HF_TOKEN: 'hf_x\n',
    HF_HUB_OFFLINE: 'TRUE',
    ESCI_LAB_CACHE: '/data/hub',
  });
  expect(settings).toEqual({
    endpoint: 'https://mirror.example/hub',
    token: 'hf_x',
    isOffline: true,
    isProxyIgnored: false,
    cacheFolder: '/data/hub',
  });
});

it('takes empty variables as not set', () => {
  const names = ['HF_ENDPOINT', 'HF_TOKEN', 'HF_HUB_OFFLINE', 'ESCI_LAB_CACHE', 'XDG_CACHE_HOME', 'HTTPS_PROXY'];
  expect(hubSettings(Object.fromEntries(names.map((name) => [name, ''])))).toEqual(hubSettings({}));
});

it('keeps downloads where each system keeps what can be fetched again', () => {
  expect(userCacheFolder({}, 'linux')).toBe(join(homedir(), '.cache'));
  expect(userCacheFolder({ XDG_CACHE_HOME: '/c' }, 'linux')).toBe('/c');
  expect(userCacheFolder({}, 'darwin')).toBe(join(homedir(), 'Library', 'Caches'));
  expect(userCacheFolder({ LOCALAPPDATA: 'C:\\Users\\a\\AppData\\Local' }, 'win32')).toBe(
    'C:\\Users\\a\\AppData\\Local',
  );
});
