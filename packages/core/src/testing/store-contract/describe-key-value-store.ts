/* What every store promises of what it keeps beside jobs. */
import * as fc from 'fast-check';

import { ABSENT, type EntryAddress, type KeyValueStore } from '../../ports/key-value-store.js';
import type { Store } from '../../ports/store.js';
import type { ContractRunner } from './contract-runner.js';
import type { StoreUnderTest } from './store-under-test.js';

const NOW = 1_000_000;

const at = (key: string, scope = 'shared/a', tenant = 'default'): EntryAddress => ({ tenant, scope, key });
const entry = (value: unknown, expiresAt: number | null = null): { value: string; expiresAt: number | null } => ({
  value: JSON.stringify(value),
  expiresAt,
});

export function describeKeyValueStore(
  name: string,
  under: StoreUnderTest,
  { describe, it, beforeEach, afterEach, expect }: ContractRunner,
): void {
  describe(`${name} as a store of keys and values`, () => {
    let store: Store;
    let entries: KeyValueStore;

    beforeEach(async () => {
      store = await under.open();
      ({ entries } = store);
    });
    afterEach(() => under.close(store));

    const valueOf = async (address: EntryAddress, now = NOW): Promise<unknown> => {
      const found = await entries.get(address, now);
      return found === null ? undefined : (JSON.parse(found.value) as unknown);
    };

    it('gives what was put, with its version and its end', async () => {
      const version = await entries.put(at('k'), entry({ a: [1, '漢🙂'] }, NOW + 5), NOW);

      expect(await entries.get(at('k'), NOW)).toEqual({ value: '{"a":[1,"漢🙂"]}', version, expiresAt: NOW + 5 });
      expect(await entries.get(at('other'), NOW)).toBeNull();
    });

    it('keeps what it has acknowledged when it is opened anew', async () => {
      const version = await entries.put(at('k'), entry(1), NOW);
      store = await under.reopen(store);

      expect(await store.entries.get(at('k'), NOW)).toEqual({ value: '1', version, expiresAt: null });
    });

    it('tells keys apart by tenant, scope and key', async () => {
      const addresses = [at('k'), at('k', 'shared/b'), at('k', 'shared/a', 'other'), at('K'), at('k '), at('', 'shared')];
      for (const [index, address] of addresses.entries()) await entries.put(address, entry(index), NOW);

      for (const [index, address] of addresses.entries()) expect(await valueOf(address)).toBe(index);
    });

    it('has no entry from the moment on at which it expires', async () => {
      await entries.put(at('k'), entry(1, NOW + 10), NOW);

      expect(await valueOf(at('k'), NOW + 9)).toBe(1);
      expect(await valueOf(at('k'), NOW + 10)).toBeUndefined();
      expect(await entries.delete(at('k'), NOW + 10)).toBe(false);
      expect(await entries.compareAndSet(at('k'), ABSENT, entry(2), NOW + 10)).toBeGreaterThan(0);
    });

    it('sets only what has the expected version', async () => {
      const first = (await entries.compareAndSet(at('k'), ABSENT, entry(1), NOW))!;

      expect(await entries.compareAndSet(at('k'), ABSENT, entry('x'), NOW)).toBeNull();
      expect(await entries.compareAndSet(at('k'), first + 1, entry('x'), NOW)).toBeNull();
      expect(await valueOf(at('k'))).toBe(1);

      const second = (await entries.compareAndSet(at('k'), first, entry(2), NOW))!;

      expect(second).toBeGreaterThan(first);
      expect(await valueOf(at('k'))).toBe(2);
      expect(await entries.compareAndSet(at('k'), first, entry('x'), NOW)).toBeNull();
    });

    it('lets one of many who set at the same time win', async () => {
      const first = await entries.put(at('k'), entry(0), NOW);
      const results = await Promise.all(Array.from({ length: 50 }, (_, no) => entries.compareAndSet(at('k'), first, entry(no), NOW)));

      expect(results.filter((version) => version !== null)).toHaveLength(1);
      expect(await valueOf(at('k'))).toBe(results.findIndex((version) => version !== null));
    });

    it('never gives a version twice, so that nobody takes a new entry for an old one', async () => {
      const old = await entries.put(at('k'), entry('old'), NOW);
      expect(await entries.delete(at('k'), NOW)).toBe(true);
      store = await under.reopen(store);
      ({ entries } = store);
      await entries.put(at('k'), entry('new'), NOW);

      expect(await entries.compareAndSet(at('k'), old, entry('wrong'), NOW)).toBeNull();
      expect(await entries.delete(at('k'), NOW, old)).toBe(false);
      expect(await valueOf(at('k'))).toBe('new');
    });

    it('deletes an entry once, and one with a version only in that', async () => {
      const version = await entries.put(at('k'), entry(1), NOW);

      expect(await entries.delete(at('k'), NOW, version + 1)).toBe(false);
      expect(await entries.delete(at('k'), NOW, version)).toBe(true);
      expect(await entries.delete(at('k'), NOW)).toBe(false);
    });

    it('deletes a scope with those below it, and no other', async () => {
      const inside = [at('a', 'cache/job/1'), at('b', 'cache/job/1'), at('a', 'cache/job/1/task/7')];
      const outside = [at('a', 'cache/job/10'), at('a', 'cache/job'), at('a', 'cache/job/1', 'other'), at('a', 'cache/job/1-')];
      for (const address of [...inside, ...outside]) await entries.put(address, entry(1), NOW);

      expect(await entries.deleteScope('default', 'cache/job/1')).toBe(inside.length);
      for (const address of inside) expect(await valueOf(address)).toBeUndefined();
      for (const address of outside) expect(await valueOf(address)).toBe(1);
    });

    it('counts what scopes hold that has not expired', async () => {
      await entries.put(at('a', 'cache/job/1/task/1'), entry(1), NOW);
      await entries.put(at('b', 'cache/job/1/task/1'), entry(1, NOW + 10), NOW);
      await entries.put(at('a', 'cache/job/1/task/2'), entry(1, NOW + 10), NOW);
      await entries.put(at('a', 'cache/job/1'), entry(1), NOW);
      await entries.put(at('a', 'cache/job/12/task/1'), entry(1), NOW);

      expect(await entries.countBelow('default', 'cache/job/1', NOW)).toEqual(
        new Map([
          ['cache/job/1/task/1', 2],
          ['cache/job/1/task/2', 1],
        ]),
      );
      expect(await entries.countBelow('default', 'cache/job/1', NOW + 10)).toEqual(new Map([['cache/job/1/task/1', 1]]));
    });

    it('deletes what has expired, the earliest first and no more than asked', async () => {
      for (let no = 0; no < 60; no += 1) await entries.put(at(`k${no}`), entry(no, NOW + no), NOW - 1);

      expect(await entries.deleteExpired(NOW + 49, 10)).toBe(10);
      // Asked as of long ago, an entry is seen although it has expired since.
      expect(await valueOf(at('k9'), 0)).toBeUndefined();
      expect(await valueOf(at('k10'), 0)).toBe(10);
      expect(await entries.deleteExpired(NOW + 49, 100)).toBe(40);
      expect(await valueOf(at('k50'), 0)).toBe(50);
    });

    describe('bounded', () => {
      const bound = { entries: 20, bytes: 1_000 };
      const put = (key: string, now: number, value: unknown = key, scope = 'result'): Promise<number> =>
        entries.put({ tenant: 'default', scope, key }, { ...entry(value), bound }, now);
      const present = async (keys: readonly string[], now: number): Promise<string[]> => {
        const found: string[] = [];
        for (const key of keys) if (await entries.get(at(key, 'result'), now)) found.push(key);
        return found;
      };
      const keys = (from: number, to: number): string[] => Array.from({ length: to - from }, (_, no) => `k${from + no}`);

      it('gives up what was used longest ago when there are too many', async () => {
        for (let no = 0; no < 20; no += 1) await put(`k${no}`, NOW + no);
        for (const key of ['k0', 'k1', 'k2']) await entries.get(at(key, 'result'), NOW + 100);
        await put('k20', NOW + 101);

        // One tenth of the bound is freed at once.
        expect(await present(keys(0, 21), NOW + 102)).toEqual(['k0', 'k1', 'k2', ...keys(6, 21)]);
      });

      it('gives up what was used longest ago when it is too large', async () => {
        for (let no = 0; no < 5; no += 1) await put(`k${no}`, NOW + no, 'x'.repeat(190));
        await put('k5', NOW + 5, 'x'.repeat(190));

        expect(await present(keys(0, 6), NOW + 6)).toEqual(keys(2, 6));
      });

      it('does not keep what is larger than the bound alone, nor what was there before it', async () => {
        await put('k0', NOW);

        expect(await put('k0', NOW, 'x'.repeat(1_000))).toBe(ABSENT);
        expect(await present(['k0'], NOW)).toEqual([]);
      });

      it('leaves other levels of scopes and other tenants alone', async () => {
        await entries.put(at('kept', 'shared/a'), entry('x'.repeat(5_000)), NOW);
        await entries.put(at('kept', 'result', 'other'), entry(1), NOW);
        for (let no = 0; no < 50; no += 1) await put(`k${no}`, NOW + 1 + no);

        expect(await valueOf(at('kept', 'shared/a'))).toBe('x'.repeat(5_000));
        expect(await valueOf(at('kept', 'result', 'other'))).toBe(1);
      });

      it('holds whatever happens in between, also after it was opened anew', async () => {
        const act = fc.oneof(
          fc.record({ kind: fc.constant('put' as const), no: fc.nat(40), size: fc.nat(200) }),
          fc.record({ kind: fc.constant('delete' as const), no: fc.nat(40), size: fc.constant(0) }),
          fc.record({ kind: fc.constant('expire' as const), no: fc.nat(40), size: fc.nat(50) }),
          fc.record({ kind: fc.constant('reopen' as const), no: fc.constant(0), size: fc.constant(0) }),
        );
        await fc.assert(
          fc.asyncProperty(fc.array(act, { maxLength: 60 }), async (acts) => {
            await entries.deleteScope('default', 'result');
            let now = NOW;
            for (const { kind, no, size } of acts) {
              now += 1;
              if (kind === 'put') await put(`k${no}`, now, 'x'.repeat(size), no % 2 === 0 ? 'result' : 'result/deep');
              else if (kind === 'delete') await entries.delete(at(`k${no}`, 'result'), now);
              else if (kind === 'expire') await entries.put(at(`k${no}`, 'result'), { ...entry('e', now + size), bound }, now);
              else await under.reopen(store).then((opened) => ({ entries } = store = opened));
            }
            const held: number[] = [];
            for (let no = 0; no <= 40; no += 1)
              for (const scope of ['result', 'result/deep']) {
                const found = await entries.get(at(`k${no}`, scope), 0);
                if (found) held.push(Buffer.byteLength(`k${no}`) + Buffer.byteLength(found.value));
              }

            expect(held.length).toBeLessThanOrEqual(bound.entries);
            expect(held.reduce((sum, bytes) => sum + bytes, 0)).toBeLessThanOrEqual(bound.bytes);
          }),
          { numRuns: 30 },
        );
      });
    });

    it('does what a map with versions does', async () => {
      const act = fc.record({
        kind: fc.constantFrom('get', 'put', 'set', 'set-stale', 'delete', 'delete-stale'),
        key: fc.constantFrom('a', 'b', 'c'),
        ttl: fc.option(fc.integer({ min: 1, max: 5 })),
        pass: fc.nat(3),
      });
      await fc.assert(
        fc.asyncProperty(fc.array(act, { maxLength: 50 }), async (acts) => {
          await entries.deleteScope('default', 'shared');
          const model = new Map<string, { value: number; version: number; until: number }>();
          let now = NOW;
          for (const [index, { kind, key, ttl, pass }] of acts.entries()) {
            now += pass;
            const until = ttl === null ? Number.POSITIVE_INFINITY : now + ttl;
            const known = model.get(key);
            const live = known && known.until > now ? known : undefined;
            const stale = (live?.version ?? ABSENT) + 1;
            const made = entry(index, ttl === null ? null : until);
            if (kind === 'get') expect(await valueOf(at(key), now)).toBe(live?.value);
            else if (kind === 'put') model.set(key, { value: index, version: await entries.put(at(key), made, now), until });
            else if (kind === 'set') {
              const version = await entries.compareAndSet(at(key), live?.version ?? ABSENT, made, now);
              expect(version).not.toBeNull();
              model.set(key, { value: index, version: version!, until });
            } else if (kind === 'set-stale') expect(await entries.compareAndSet(at(key), stale, made, now)).toBeNull();
            else if (kind === 'delete') {
              expect(await entries.delete(at(key), now)).toBe(live !== undefined);
              model.delete(key);
            } else expect(await entries.delete(at(key), now, stale)).toBe(false);
          }
        }),
        { numRuns: 50 },
      );
    });
  });
}
