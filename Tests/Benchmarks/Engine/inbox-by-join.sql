SELECT json_build_object('nodes', coalesce(json_agg(json_build_object('id', 'msg_' || encode(uuid_send(m.id), 'hex'), 'body', m.body, 'status', m.status, 'direction', m.direction, 'createdAt', m.created_at, 'contact', json_build_object('name', c.name, 'phone', c.phone)) ORDER BY m.created_at DESC, m.id DESC), '[]'::json))
FROM (SELECT id, body, status, direction, created_at, contact_id FROM messages WHERE org_id = $1 ORDER BY created_at DESC, id DESC LIMIT 20) m
JOIN contacts c ON c.org_id = $1 AND c.id = m.contact_id
