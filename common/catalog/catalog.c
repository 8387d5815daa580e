/* The model of a database's schema. */
#include "common/catalog/catalog.h"

static const struct {
    const char *name, *keyword;
} classes[] = {
#define X(class, name, keyword) [class] = {name, keyword},
    OBJECT_CLASSES(X)
#undef X
};

const char *class_name(enum object_class class)
{
    return classes[class].name;
}

const char *class_keyword(enum object_class class)
{
    return classes[class].keyword;
}
