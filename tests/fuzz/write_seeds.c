/* Writes the inputs that the fuzzer starts from into a folder: one for each of the readers that the first byte chooses.
 */
#include "tests/unit/sample_plan.h"

#include "common/text.h"

static void write_seed(const char *folder, const char *name, char reader, const char *bytes, size_t length)
{
    cleanup(free_string) char *path = format_string("%s/%s", folder, name);
    cleanup(text_free) struct text seed = {0};

    text_append_char(&seed, reader);
    text_append_bytes(&seed, bytes, length);
    store_file(path, seed.data, seed.length);
}

int main(int count, char **arguments)
{
    static const char catalog[] =
        "{\"objects\":2,\"server_version\":150018,\"warnings\":[\"w\"]}\n"
        "{\"class\":\"schema\",\"depends\":[],\"fields\":[[\"owner\",\"a\"]],\"identity\":\"a\",\"name\":\"a\"}\n"
        "{\"class\":\"table\",\"depends\":[[\"schema\",\"a\"]],\"fields\":[[\"x\",null]],\"identity\":\"a.t\",\"name\":"
        "\"t\","
        "\"parent\":[\"schema\",\"a\"],\"schema\":\"a\"}\n";
    struct error err = {0};
    cleanup(plan_close) struct plan plan = {0};
    cleanup(free_string) char *file = NULL, *json = NULL, *digest = NULL, *path = NULL;
    size_t size, json_length, digest_length;

    if (count != 2) {
        fputs("Usage: write_seeds FOLDER\n", stderr);
        return 3;
    }
    path = format_string("%s/plan", arguments[1]);
    sample_write(path);
    must(plan_open(&plan, path, &err));
    must(manifest_write(plan.manifest, &json, &json_length, &err));
    must(plan_load_entry(&plan, "digest/0002-public.orders.zst", &digest, &digest_length, &err));
    file = load_file(path, &size);
    write_seed(arguments[1], "plan", 0, file, size);
    write_seed(arguments[1], "manifest", 1, json, json_length);
    write_seed(arguments[1], "catalog", 2, catalog, sizeof catalog - 1);
    write_seed(arguments[1], "digest", 3, digest, digest_length);
    return 0;
}
