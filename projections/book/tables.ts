import { columnsOf, type Table } from '../table.js'

/**
 * One row per person that the ledger speaks of: its `Entry` in columns. `outcome` to `duplicate_of` say how it stands
 * now (null while it waits to be decided; state and svid stay while a link is in force), the columns from `decision` on
 * what the machine concluded last.
 */
export const book: Table = {
  name: 'book',
  version: 2,
  columns: columnsOf({
    tenant: 'text not null',
    person_id: 'uuid not null',
    outcome: 'text',
    reason: 'text',
    state: 'text',
    svid: 'text',
    match_type: 'text',
    score: 'float8',
    duplicate_of: 'uuid',
    'matched_at*': 'timestamptz',
    matched_by: 'text',
    'review_since*': 'timestamptz',
    decision: 'json',
    decision_sha: 'bytea',
    run_id: 'uuid',
    'decided_position*': 'bigint',
    'decided_at*': 'timestamptz',
    decided_by: 'text',
    ruleset: 'text',
    threshold: 'float8',
    voter_files: 'json',
    /** version of the person's data that was considered last; null: to be decided again */
    input_version: 'text',
    voter_version: 'text',
    verdict: 'text',
    /** the whole Entry, only when the other columns can't say it: verdicts, rejections, a reopening */
    'entry*': 'json',
  }),
  key: ['tenant', 'person_id'],
  indexes: [{ columns: ['tenant', 'state', 'svid'] }],
}

export const personVoter: Table = {
  name: 'person_voter',
  version: 1,
  columns: columnsOf({
    tenant: 'text not null',
    person_id: 'uuid not null',
    state: 'text not null',
    svid: 'text not null',
    match_type: 'text not null',
    match_score: 'float8 not null',
    match_details: 'jsonb not null',
    'matched_at*': 'timestamptz not null',
    matched_by: 'text not null',
    verified_by: 'text',
    'verified_at*': 'timestamptz',
  }),
  key: ['tenant', 'person_id'],
  indexes: [{ columns: ['tenant', 'state', 'svid'], unique: true, folded: true }],
}

/** Persons that wait for a human, with the best candidate. */
export const review: Table = {
  name: 'review',
  version: 1,
  columns: columnsOf({
    tenant: 'text not null',
    person_id: 'uuid not null',
    reason: 'text not null',
    state: 'text',
    svid: 'text',
    match_type: 'text',
    score: 'float8',
    candidates: 'int not null',
    'since*': 'timestamptz not null',
  }),
  key: ['tenant', 'person_id'],
  indexes: [{ columns: ['tenant', 'score', 'person_id'] }],
}

/** Every ledger event of a person, one row each. */
export const matchHistory: Table = {
  name: 'match_history',
  version: 2,
  columns: columnsOf({
    tenant: 'text not null',
    person_id: 'uuid not null',
    'position*': 'bigint not null',
    'recorded_at*': 'timestamptz not null',
    event_type: 'text not null',
    actor: 'text not null',
    outcome: 'text',
    reason: 'text',
    state: 'text',
    svid: 'text',
    score: 'float8',
    ruleset: 'text',
    threshold: 'float8',
    voter_file: 'text',
  }),
  key: ['tenant', 'person_id', 'position'],
}
