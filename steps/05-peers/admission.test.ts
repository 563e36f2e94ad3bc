import { describe, expect, it } from '@jest/globals';
import { GENESIS, OTHER_GENESIS, helloOf, idOf } from './far-end-for-test.ts';
import { sha256 } from '#hashing';
import { proof, refusal, type Candidate } from '#peers';

const own = { id: idOf('a'), genesis: GENESIS };
const place = 'ws://10.0.0.1:8000';
const nonce = idOf('1');

/** Somebody who has called from the place, and said hello. */
const caller = (fields: object = {}, more: Partial<Candidate> = {}): Candidate => ({
  outbound: false,
  place,
  key: idOf('2'),
  hello: helloOf({ nonce, ...fields }),
  ...more,
});

/** Somebody whom this node has dialed at the place. */
const dialed = (fields: object = {}, more: Partial<Candidate> = {}): Candidate =>
  caller(fields, { outbound: true, key: idOf('3'), ...more });

const newNode = { ...own, genesis: null };

describe('Task 8: refusals', () => {
  it.each<[who: string, peer: Candidate]>([
    ['a caller of the same network', caller()],
    ['a node of the same network that it has dialed', dialed()],
    [
      'a caller that has no genesis block yet, as it wants to join',
      caller({ genesis: null }),
    ],
    ['a caller without a port', caller({}, { place: undefined })],
    ['a caller without a nonce', caller({ nonce: undefined })],
  ])('has no reason against %s', (_who, peer) => {
    expect(refusal(peer, own, [])).toBeUndefined();
  });

  it('lets a node without a genesis block dial one that has some', () => {
    expect(refusal(dialed(), newNode, [])).toBeUndefined();
  });

  it.each<[who: string, peer: Candidate]>([
    ['as it was dialed', caller({ nodeId: own.id })],
    ['as it has dialed', dialed({ nodeId: own.id })],
    ['of whatever network', caller({ nodeId: own.id, genesis: OTHER_GENESIS })],
  ])('refuses the node itself, %s', (_who, peer) => {
    expect(refusal(peer, own, [])).toMatch(/own|itself|self/);
  });

  it.each<[who: string, peer: Candidate, self: typeof own | typeof newNode]>([
    ['a caller of another network', caller({ genesis: OTHER_GENESIS }), own],
    [
      'a node of another network that it has dialed',
      dialed({ genesis: OTHER_GENESIS }),
      own,
    ],
    ['a node without a genesis block that it has dialed', dialed({ genesis: null }), own],
    ['a caller while this node has no genesis block', caller(), newNode],
    [
      'a dialed node without one while this has none either',
      dialed({ genesis: null }),
      newNode,
    ],
    [
      'a caller without one while this has none either',
      caller({ genesis: null }),
      newNode,
    ],
  ])('refuses %s, and says that it is about the network', (_who, peer, self) => {
    expect(refusal(peer, self, [])).toMatch(/network|genesis/);
  });

  describe('where it has dialed already', () => {
    const other = dialed({ nodeId: idOf('9') }, { place: 'ws://10.0.0.9:8000' });

    it.each([
      ['a caller that is at that place, and has the id that it met there', caller()],
      ['whom it has dialed at that place again', dialed({}, { key: idOf('4') })],
    ])('refuses %s', (_who, peer) => {
      expect(refusal(peer, own, [other, dialed()])).toMatch(/connected/);
    });

    it('ends that reason with the proof that it has dialed', () => {
      const reason = refusal(caller(), own, [other, dialed()]);
      expect(reason?.endsWith(proof(nonce, idOf('3')))).toBe(true);
    });

    it.each<[who: string, peer: Candidate, peers: readonly Candidate[]]>([
      ['id from another place', caller({}, { place: 'ws://10.0.0.2:8000' }), [dialed()]],
      ['id without a place', caller({}, { place: undefined }), [dialed()]],
      ['place with another id', caller({ nodeId: idOf('c') }), [dialed()]],
      ['id and place as another caller', caller(), [caller({}, { key: idOf('4') })]],
      [
        'id as one whose place is not known',
        caller(),
        [dialed({}, { place: undefined })],
      ],
      [
        'missing place as another caller',
        caller({}, { place: undefined }),
        [caller({}, { place: undefined })],
      ],
    ])(
      'has no reason against a caller with the same %s: it proves nothing',
      (_w, peer, peers) => {
        expect(refusal(peer, own, peers)).toBeUndefined();
      },
    );
  });

  describe('proof', () => {
    it('is the digest of both nonces, with a space between them', () => {
      expect(proof('caller', 'own')).toBe(sha256('caller own'));
    });

    it('is another one for other nonces, and the other way round', () => {
      const proofs = [proof('a', 'b'), proof('b', 'a'), proof('a', 'c'), proof('c', 'b')];
      expect(new Set(proofs).size).toBe(4);
    });

    it('can be made though a nonce is missing, and then fits to nobody who has one', () => {
      const proofs = [proof(undefined, 'b'), proof('a', undefined), proof('a', 'b')];
      expect(new Set(proofs).size).toBe(3);
    });
  });
});
