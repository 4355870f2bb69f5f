#include "services/escalonctl/keys/key_commands.h"

#include <nlohmann/json.hpp>
#include <ostream>

#include "common/security/credentials.h"
#include "common/security/principal.h"
#include "common/security/secret.h"
#include "common/security/webhook_signature.h"
#include "services/escalonctl/cli/session.h"

namespace escalon::escalonctl {
namespace {

std::vector<std::string> AllRoles() {
  std::vector<std::string> out;
  for (int i = 0; i < kRoles; ++i) out.emplace_back(RoleName(static_cast<Role>(i)));
  return out;
}

ExitCode NewApiKeyCommand(Session& session, const Arguments& arguments) {
  const Result<Principal> principal =
      MakePrincipal("principal", arguments.Text("tenant"), arguments.Text("subject"), arguments.List("role"));
  if (!principal) {
    session.Fail(principal.error());
    return ExitCode::kUsage;
  }
  InstantMs not_after = kNever;
  if (arguments.Has("not-after")) not_after = ParseInstant(arguments.Text("not-after")).value();
  const NewKey key = NewApiKey();
  const std::string entry = FormatCredential(key, *principal, not_after);
  Printer& printer = session.printer();
  if (printer.json()) {
    printer.Value({{"key_id", key.key_id}, {"token", key.token}, {"hash", key.hash}, {"credential", entry}});
  } else if (arguments.Has("token-only")) {
    printer.Text(key.token);
  } else {
    printer.Text("# The token, shown this once:\n" + key.token +
                 "\n# For the services' credentials file, below `credentials:`:");
    printer.out() << entry;
  }
  return ExitCode::kOk;
}

ExitCode NewRingCommand(Session& session, const Arguments& arguments) {
  const std::string id = arguments.Text("ID");
  const std::string line = NewKeyRingLine(id);
  if (const Result<KeyRing> ring = KeyRing::Parse("ID", line); !ring) {
    session.Fail(ring.error());
    return ExitCode::kUsage;
  }
  if (session.printer().json()) {
    session.printer().Value({{"id", id}, {"line", line.substr(0, line.find('\n'))}});
  } else {
    session.printer().out() << line;
  }
  return ExitCode::kOk;
}

ExitCode NewWebhookSecretCommand(Session& session, const Arguments&) {
  const std::string secret = NewWebhookSecret();
  if (session.printer().json()) {
    session.printer().Value({{"secret", secret}});
  } else {
    session.printer().out() << secret << '\n';
  }
  return ExitCode::kOk;
}

}  // namespace

CommandSection KeySection() {
  CommandSection out{.title = "Keys"};
  out.groups = {{"keys", "Makes API keys, key rings and webhook secrets."}};
  out.commands.push_back(
      {.path = "keys new-api-key",
       .summary = "A fresh API key and the entry for the credentials file.",
       .details =
           "Prints the token, which is shown this once and kept nowhere, and the YAML entry with its hash for the "
           "services' credentials file. Nothing is sent anywhere: the key is good once the entry stands in the file "
           "and the services have read it again.",
       .options = {{.name = "--tenant",
                    .help = "Whose; \"*\" for all, with the roles service and operator only.",
                    .required = true},
                   {.name = "--subject", .help = "Who this is, as the history of a case shows it.", .required = true},
                   {.name = "--role",
                    .kind = ValueKind::kChoice,
                    .help = "What it may be used for.",
                    .choices = AllRoles(),
                    .required = true,
                    .repeated = true},
                   {.name = "--not-after",
                    .kind = ValueKind::kInstant,
                    .help = "From this instant on the key is refused."},
                   {.name = "--token-only", .kind = ValueKind::kFlag, .help = "Only the token, for a test."}},
       .examples = {{"escalonctl keys new-api-key --tenant acme --subject itsm-prod --role integrator",
                     "For a backend that raises cases."},
                    {"escalonctl keys new-api-key --tenant acme --subject ana --role agent --role approver",
                     "For a person."}},
       .reach = kNothing,
       .run = NewApiKeyCommand});
  out.commands.push_back(
      {.path = "keys new-ring",
       .summary = "A line for a key ring's file.",
       .details = "Key rings seal personal fields (sealing.key_file) and sign links (links.key_file). The first line "
                  "of the file "
                  "makes, all verify: put a new line in front to rotate.",
       .options = {{.name = "ID", .help = "Name of the key, at most 16 bytes: 2030-04.", .required = true}},
       .examples = {{"escalonctl keys new-ring 2030-04 >> sealing.keys", "The first key of a new ring."}},
       .reach = kNothing,
       .run = NewRingCommand});
  out.commands.push_back(
      {.path = "keys new-webhook-secret",
       .summary = "A secret for signed webhooks.",
       .details = "In the form of the Standard Webhooks specification: whsec_ and 32 random bytes in base64.",
       .examples = {{"escalonctl keys new-webhook-secret", "Both sides get it."}},
       .reach = kNothing,
       .run = NewWebhookSecretCommand});
  return out;
}

}  // namespace escalon::escalonctl
