// mercurius with JIT, and one statement for each query, written by hand.
import Fastify from "fastify";
import mercurius from "mercurius";
import pg from "pg";

const pool = new pg.Pool({ connectionString: process.env.PEER_DATABASE, max: 16, min: 16 });

const schema = `
  type Query { item(id: ID!): Item  backlog(team: ID!, first: Int!): Items!  pushbacks(team: ID!, first: Int!): Pushbacks! }
  type Person { name: String }
  type Team { name: String }
  type Items { nodes: [Item!]! }
  type Item {
    id: ID! title: String narrative: String why: String rank: String! status: String! digest: String! points: Float
    team: Team! author: Person!
    pushbacks(first: Int!): Pushbacks! estimates(first: Int!): Estimates! signOffs(first: Int!): SignOffs!
  }
  type Pushbacks { nodes: [Pushback!]! }
  type Pushback {
    statement: String state: String! stance: String! reason: String! outcome: String raisedAt: String! raiser: Person!
    item: Item! events(first: Int!): Events!
  }
  type Events { nodes: [Event!]! }
  type Event { kind: String! recordedAt: String! actingRole: String! actor: Person! }
  type Estimates { nodes: [Estimate!]! }
  type Estimate { points: Float! isStale: Boolean! recorder: Person! }
  type SignOffs { nodes: [SignOff!]! }
  type SignOff { label: String! state: String! actingRole: String! signer: Person! }
`;

const person = (column) => `(select json_build_object('name', n.name) from peer.person n where n.id = ${column})`;
const page = (rows) => `json_build_object('nodes', coalesce((select json_agg(r.o) from (${rows}) r), '[]'::json))`;

const ITEM = `
  select json_build_object(
    'id', i.id, 'title', i.title, 'narrative', i.narrative, 'why', i.why, 'rank', i.rank, 'status', i.status,
    'digest', i.digest, 'points', i.points, 'author', ${person("i.author_id")},
    'team', (select json_build_object('name', t.name) from peer.team t where t.id = i.team_id),
    'pushbacks', ${page(`
      select json_build_object(
        'statement', p.statement, 'state', p.state, 'stance', p.stance, 'reason', p.reason,
        'raiser', ${person("p.raiser_id")},
        'events', ${page(`
          select json_build_object('kind', e.kind, 'recordedAt', e.recorded_at, 'actingRole', e.acting_role,
            'actor', ${person("e.actor_id")}) as o
            from peer.event e where e.pushback_id = p.id order by e.position limit 10`)}) as o
        from peer.pushback p where p.item_id = i.id order by p.number desc limit 3`)},
    'estimates', ${page(`
      select json_build_object('points', s.points, 'isStale', s.is_stale, 'recorder', ${person("s.recorder_id")}) as o
        from peer.estimate s where s.item_id = i.id order by s.number desc limit 5`)},
    'signOffs', ${page(`
      select json_build_object('label', s.label, 'state', s.state, 'actingRole', s.acting_role,
        'signer', ${person("s.signer_id")}) as o
        from peer.sign_off s where s.item_id = i.id order by s.number desc limit 5`)}) as o
    from peer.item i where i.id = $1`;

const BACKLOG = `
  select ${page(`
    select json_build_object('id', i.id, 'title', i.title, 'status', i.status, 'points', i.points,
      'author', ${person("i.author_id")},
      'pushbacks', ${page(`
        select json_build_object('statement', p.statement, 'state', p.state, 'raiser', ${person("p.raiser_id")}) as o
          from peer.pushback p where p.item_id = i.id order by p.number desc limit 3`)}) as o
      from peer.item i where i.team_id = $1 order by i.rank, i.id limit $2`)} as o`;

const AUDIT = `
  select ${page(`
    select json_build_object('statement', p.statement, 'reason', p.reason, 'stance', p.stance, 'state', p.state,
      'outcome', p.outcome, 'raisedAt', p.raised_at, 'raiser', ${person("p.raiser_id")},
      'item', (select json_build_object('title', i.title,
        'team', (select json_build_object('name', t.name) from peer.team t where t.id = i.team_id))
        from peer.item i where i.id = p.item_id)) as o
      from peer.pushback p where p.team_id = $1 order by p.raised desc limit $2`)} as o`;

const one = async (name, text, values) => (await pool.query({ name, text, values })).rows[0]?.o ?? null;

const resolvers = {
  Query: {
    item: (_, { id }) => one("item", ITEM, [id]),
    backlog: (_, { team, first }) => one("backlog", BACKLOG, [team, first]),
    pushbacks: (_, { team, first }) => one("audit", AUDIT, [team, first]),
  },
};

const app = Fastify();
app.register(mercurius, { schema, resolvers, jit: 1, path: "/graphql" });
await app.listen({ port: Number(process.env.PUSHBACK_PORT), host: "127.0.0.1" });
