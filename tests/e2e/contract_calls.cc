#include "tests/e2e/contract_calls.h"

#include <google/protobuf/descriptor.pb.h>
#include <grpcpp/client_context.h>
#include <grpcpp/completion_queue.h>
#include <grpcpp/generic/generic_stub.h>
#include <gtest/gtest.h>

#include <fstream>

namespace escalon::test {

using google::protobuf::FileDescriptor;
using google::protobuf::FileDescriptorProto;
using google::protobuf::FileDescriptorSet;
using google::protobuf::Message;

ContractCalls::ContractCalls() {
  std::ifstream in(ESCALON_CONTRACT, std::ios::binary);
  FileDescriptorSet set;
  EXPECT_TRUE(set.ParseFromIstream(&in)) << ESCALON_CONTRACT;
  // Imports come before their users.
  for (const FileDescriptorProto& file : set.file()) {
    const FileDescriptor* built = pool_.BuildFile(file);
    EXPECT_NE(built, nullptr) << file.name();
    if (built == nullptr || !built->package().starts_with("escalon.")) continue;
    for (int s = 0; s < built->service_count(); ++s) {
      for (int m = 0; m < built->service(s)->method_count(); ++m) methods_.push_back(built->service(s)->method(m));
    }
  }
}

std::unique_ptr<Message> ContractCalls::RequestOf(Method method) {
  return std::unique_ptr<Message>(factory_.GetPrototype(method->input_type())->New());
}

ContractCalls::Answer ContractCalls::Call(const std::shared_ptr<grpc::Channel>& channel, Method method,
                                          const Message& request, const std::string& authorization,
                                          std::chrono::milliseconds patience) const {
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + patience);
  if (!authorization.empty()) context.AddMetadata("authorization", authorization);
  const std::string path = "/" + method->service()->full_name() + "/" + method->name();
  const grpc::Slice slice(request.SerializeAsString());
  const grpc::ByteBuffer sent(&slice, 1);
  grpc::ByteBuffer received;
  grpc::CompletionQueue queue;
  grpc::GenericStub stub(channel);
  const auto call = stub.PrepareUnaryCall(&context, path, sent, &queue);
  call->StartCall();
  Answer answer;
  call->Finish(&received, &answer.status, &received);
  void* tag = nullptr;
  bool ok = false;
  queue.Next(&tag, &ok);
  std::vector<grpc::Slice> slices;
  if (received.Valid() && received.Dump(&slices).ok()) {
    for (const grpc::Slice& part : slices) {
      answer.bytes.append(reinterpret_cast<const char*>(part.begin()), part.size());
    }
  }
  return answer;
}

}  // namespace escalon::test
