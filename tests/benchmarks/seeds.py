"""Rows by the million, inserted by the database itself. Indexes of big tables are built after the rows are there."""

_ID = "'{prefix}_' || LPAD(n::text, 27, '0')"
_WHEN = "NOW() - INTERVAL '1 second' * ({rows} - n + 60)"
_ADDRESS = "'somebody' || n || '@domain' || n % 1000 || '.example'"
_NUMBERS = "FROM GENERATE_SERIES(1, {rows}) AS n"

_TABLES = {
    "invitations_invitation": f"""
        (id, email_address, email_key, public_metadata, notify, template_slug, exclusive, inviter_type,
         inviter_id, inviter_name, created_at, updated_at, expires_at, closed_reason)
        SELECT {_ID.format(prefix="inv")}, {_ADDRESS}, {_ADDRESS}, '{{}}', TRUE, 'invitation', TRUE,
               'secret_key', 'key_1', 'bench', {_WHEN}, {_WHEN}, {_WHEN} + INTERVAL '365 days', ''
        {_NUMBERS}""",
    "invitations_event": f"""
        (subject, kind, at, actor_type, actor_id, actor_name, detail)
        SELECT {_ID.format(prefix="inv")}, 'created', {_WHEN}, 'secret_key', 'key_1', 'bench', '{{}}'
        {_NUMBERS}""",
    "invitations_message": f"""
        (id, kind, invitation_id, recipient, recipient_key, sealed_body, urgent, state, attempts,
         next_attempt_at, lease_owner, message_id, last_error_class, created_at, sent_at)
        SELECT {_ID.format(prefix="msg")}, 'invitation', {_ID.format(prefix="inv")}, {_ADDRESS}, {_ADDRESS},
               '', FALSE, 'sent', 1, {_WHEN}, '', '<' || n || '@ollio.example.com>', '', {_WHEN}, {_WHEN}
        {_NUMBERS}""",
    "invitations_addressguard": f"(email_key) SELECT {_ADDRESS} {_NUMBERS}",
    "accounts_user": f"""
        (id, email_address, password, first_name, last_name, locale, public_metadata, private_metadata,
         unsafe_metadata, signup_grant, is_staff, is_superuser, delete_self_enabled, created_at, updated_at)
        SELECT {_ID.format(prefix="user")}, 'u' || {_ADDRESS}, '!', 'First' || n, 'Last' || n % 7777, '',
               '{{}}', '{{}}', '{{}}', 'public', FALSE, FALSE, FALSE, {_WHEN}, {_WHEN}
        {_NUMBERS}""",
    "account_emailaddress": f"""
        (user_id, email, verified, "primary")
        SELECT {_ID.format(prefix="user")}, 'u' || {_ADDRESS}, TRUE, TRUE {_NUMBERS}""",
    "accounts_emailidentity": """
        (id, address_id, proof, created_at, updated_at)
        SELECT 'idn_' || LPAD(id::text, 27, '0'), id, 'email_code', NOW(), NOW()
        FROM account_emailaddress""",
}
_TOTALS = """
    INSERT INTO counter (name, total) VALUES ('invitations', {rows}), ('users', {rows})
    ON CONFLICT (name) DO UPDATE SET total = excluded.total
"""
_INDEXES = """
    SELECT indexname, indexdef FROM pg_indexes JOIN pg_class ON relname = indexname
    JOIN pg_index ON indexrelid = pg_class.oid
    WHERE tablename = ANY(%s) AND NOT indisunique
"""


def fill(connection, *, rows):
    connection.execute("SET maintenance_work_mem = '512MB'; SET session_replication_role = replica")
    indexes = connection.execute(_INDEXES, [list(_TABLES)]).fetchall()
    for name, _definition in indexes:
        connection.execute(f'DROP INDEX "{name}"')
    for table, statement in _TABLES.items():
        connection.execute(f"INSERT INTO {table} {statement.replace('{rows}', str(rows))}")
    for _name, definition in indexes:
        connection.execute(definition)
    connection.execute(_TOTALS.format(rows=rows))
    connection.execute("VACUUM ANALYZE")
    connection.execute("CHECKPOINT")
