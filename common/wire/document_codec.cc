#include "common/wire/document_codec.h"

#include "common/core/digest.h"
#include "common/wire/events_codec.h"
#include "common/wire/mapping.h"
#include "escalon/document/v1/document.pb.h"

namespace escalon::wire {
namespace {

template <typename X>
void MapDocument(X&, D<X, DocumentVersion> d, P<X, document::v1::DocumentRecord> p) {
  WIRE_TEXT(tenant);
  WIRE_TEXT(id);
  WIRE_VALUE(version);
  WIRE_TEXT(yaml);
  WIRE_VALUE(hash);
  WIRE_TEXT(applied_by);
  WIRE_MILLIS(applied_at);
  WIRE_TEXT(comment);
}

}  // namespace

std::string EncodeDocument(const DocumentVersion& document) {
  document::v1::DocumentRecord message;
  Writer x;
  MapDocument(x, document, message);
  return message.SerializeAsString();
}

Result<DocumentVersion> DecodeDocument(std::string_view bytes) {
  document::v1::DocumentRecord message;
  if (bytes.size() > kMaxBodyBytes || !message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return InvalidField("document",
                        "is no document record: too long, cut off, damaged, or with text that is not UTF-8");
  }
  DocumentVersion document;
  Reader x("document");
  MapDocument(x, document, message);
  if (document.tenant.empty()) x.Fail("tenant", "is empty; a document belongs to a tenant");
  if (document.id.empty()) x.Fail("id", "is empty; a document has an id");
  if (document.version == 0) x.Fail("version", "is 0; versions begin with 1");
  if (document.hash != AsView(Sha256Of(document.yaml))) x.Fail("hash", "is not that of the text; it was altered");
  if (!x.ok()) return x.TakeError();
  return document;
}

}  // namespace escalon::wire
