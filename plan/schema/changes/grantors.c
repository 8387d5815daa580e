/* What someone who is not the owner grants hangs on the grant option that they were given: ties between grants. */
#include "plan/schema/changes/changes.h"

#include "common/memory.h"

/* Does the list "SELECT*,UPDATE" have the privilege, with its grant option where that is asked for? */
static bool has_privilege(const char *list, const char *privilege, size_t length, bool with_option)
{
    for (const char *p = list; *p != '\0';) {
        size_t own = strcspn(p, ",");
        bool option = own > 0 && p[own - 1] == '*';

        if (own - option == length && strncmp(p, privilege, length) == 0 && (option || !with_option))
            return true;
        p += own + (p[own] == ',');
    }
    return false;
}

static bool shares_privilege(const struct item *grant, const struct item *base, bool with_option)
{
    for (const char *p = item_field(grant, "privileges"); *p != '\0';) {
        size_t length = strcspn(p, ",");

        if (has_privilege(item_field(base, "privileges"), p, length - (length > 0 && p[length - 1] == '*'),
                          with_option))
            return true;
        p += length + (p[length] == ',');
    }
    return false;
}

static void hang_on(struct arena *arena, struct item *grant, const struct item *target, bool with_option)
{
    for (size_t i = 0; i < target->child_count; i++) {
        struct item *base = target->children[i];

        if (base->object->class != CLASS_GRANT || base == grant ||
            !field_is(base, "grantee", item_field(grant, "grantor")) || !shares_privilege(grant, base, with_option))
            continue;
        struct item **depends = arena_allocate(arena, grant->depend_count + 1, sizeof(struct item *));
        memcpy(depends, grant->depends, grant->depend_count * sizeof *depends);
        depends[grant->depend_count++] = base;
        grant->depends = depends;
        base->dependent_count++;
    }
}

void hang_on_grant_option(struct arena *arena, struct item *grant)
{
    const struct item *target = grant->parent;

    if (field_is(grant, "grantor", NULL))
        return;
    hang_on(arena, grant, target, true);
    /* REVOKE on a table takes the privilege on its columns along, whatever it came from. */
    if (target->object->class == CLASS_COLUMN || target->object->class == CLASS_VIEW_COLUMN)
        hang_on(arena, grant, target->parent, false);
}
