import { describe, expect, it } from 'vitest';
import {
  hasFailed,
  isActive,
  isOver,
  isResumable,
  RUN_STATUSES,
  SHOWN_STATUSES,
} from '../../../src/vocabulary/status.ts';

describe('a status', () => {
  it('is active while a trainer may be at work, and over when none is nor will be', () => {
    expect(SHOWN_STATUSES.filter(isActive)).toEqual(['running', 'stale']);
    expect(SHOWN_STATUSES.filter(isOver)).toEqual(['stopped', 'finished', 'failed', 'crashed']);
  });

  it('is resumable when the run ended before it was done', () => {
    expect(SHOWN_STATUSES.filter(isResumable)).toEqual(['stopped', 'failed', 'crashed']);
    expect(SHOWN_STATUSES.filter(hasFailed)).toEqual(['failed', 'crashed']);
  });

  it('is never written where only its process tells it', () => {
    expect(SHOWN_STATUSES.filter((status) => !RUN_STATUSES.some((written) => written === status))).toEqual([
      'crashed',
      'stale',
    ]);
  });
});
