CREATE TABLE campaign (
  slug        text        COLLATE "C" PRIMARY KEY,
  status      text        NOT NULL CHECK (status IN ('DRAFT', 'PUBLISHED', 'CLOSED')),
  version     bigint      NOT NULL CHECK (version > 0),
  title       text        NOT NULL,
  description text,
  artist      text,
  city        text,
  image_key   text,
  opens_at    timestamptz,
  closes_at   timestamptz,
  created_at  timestamptz NOT NULL,
  updated_at  timestamptz NOT NULL,
  CHECK (closes_at > opens_at)
);

-- Pages are read newest first, with or without a city.
CREATE INDEX campaign_by_age ON campaign (created_at DESC, slug DESC);
CREATE INDEX campaign_by_city ON campaign (city, created_at DESC, slug DESC);
