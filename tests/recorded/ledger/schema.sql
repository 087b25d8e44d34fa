
CREATE TABLE IF NOT EXISTS ledger (
    id uuid NOT NULL DEFAULT gen_random_uuid(), epoch integer NOT NULL DEFAULT 1,
    one boolean PRIMARY KEY DEFAULT true CHECK (one));
INSERT INTO ledger DEFAULT VALUES ON CONFLICT DO NOTHING;
CREATE TABLE IF NOT EXISTS stored_events (
    originator_id uuid NOT NULL, originator_version bigint NOT NULL, topic text NOT NULL, state bytea NOT NULL,
    notification_id bigint NOT NULL, event_id uuid NOT NULL, recorded_at timestamptz NOT NULL,
    PRIMARY KEY (originator_id, originator_version));
CREATE UNIQUE INDEX IF NOT EXISTS stored_events_notification_id_idx ON stored_events (notification_id);
CREATE UNIQUE INDEX IF NOT EXISTS stored_events_event_id_idx ON stored_events (event_id);
CREATE TABLE IF NOT EXISTS feed_head (
    position bigint NOT NULL, recorded_at timestamptz NOT NULL, one boolean PRIMARY KEY DEFAULT true CHECK (one));
INSERT INTO feed_head (position, recorded_at) VALUES (0, 'epoch') ON CONFLICT DO NOTHING;
CREATE TABLE IF NOT EXISTS serials (
    body uuid NOT NULL, kind text NOT NULL, year integer NOT NULL, last integer NOT NULL,
    PRIMARY KEY (body, kind, year));
CREATE TABLE IF NOT EXISTS idempotency (
    officer uuid NOT NULL, key text NOT NULL, digest bytea NOT NULL, receipt jsonb NOT NULL,
    recorded_at timestamptz NOT NULL, PRIMARY KEY (officer, key));
CREATE TABLE IF NOT EXISTS epoch (number integer PRIMARY KEY, after bigint NOT NULL);
INSERT INTO epoch VALUES (1, 0) ON CONFLICT DO NOTHING;
CREATE TABLE IF NOT EXISTS proof_tile (
    level integer NOT NULL, number bigint NOT NULL, hashes bytea NOT NULL, PRIMARY KEY (level, number));
CREATE TABLE IF NOT EXISTS proof_head (size bigint NOT NULL, one boolean PRIMARY KEY DEFAULT true CHECK (one));
INSERT INTO proof_head (size) VALUES (0) ON CONFLICT DO NOTHING;
CREATE TABLE IF NOT EXISTS proof_checkpoint (
    epoch integer NOT NULL, size bigint NOT NULL, note text NOT NULL, PRIMARY KEY (epoch, size));
CREATE OR REPLACE FUNCTION refuse_to_change_history() RETURNS trigger LANGUAGE plpgsql AS
    'BEGIN RAISE EXCEPTION ''events are only ever added'' USING ERRCODE = ''insufficient_privilege''; END';
CREATE OR REPLACE TRIGGER events_are_only_added BEFORE UPDATE OR DELETE OR TRUNCATE ON stored_events
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_change_history();

    CREATE TABLE IF NOT EXISTS password (
        officer_id uuid PRIMARY KEY, hash text NOT NULL,
        attempts integer NOT NULL DEFAULT 0, blocked_until timestamptz)
;
